using System.Net;
using AngleSharp.Html.Dom;
using Harness;
using ProviderHarness;

namespace Flows;

/// <summary>From the first field to the answer, back, twice, in two tabs and too late.</summary>
public sealed class WayInTests(PagedProvider pages) : PageTest(pages)
{
    [Fact]
    [Trait("Point", "1")]
    public async Task One_field_takes_address_or_number()
    {
        var page = await NewVisitor().BeginAsync();

        var field = page.Html.QuerySelectorAll("main input:not([type=hidden])").ShouldHaveSingleItem();
        field.GetAttribute("autocomplete").ShouldBe("username webauthn");
        field.GetAttribute("autocapitalize").ShouldBe("none");
        field.GetAttribute("spellcheck").ShouldBe("false");
        field.HasAttribute("inputmode").ShouldBeFalse("the keyboard switches once a digit or a plus is typed");
    }

    [Fact]
    [Trait("Point", "2")]
    public async Task Every_field_has_a_label_that_is_seen()
    {
        foreach (var page in await EveryFormAsync())
        {
            foreach (var field in page.Html.QuerySelectorAll("main input:not([type=hidden]):not(.unseen)"))
            {
                var label = page.Html.QuerySelector($"label[for='{field.Id}']") ?? field.Closest("label");
                label.ShouldNotBeNull(field.OuterHtml).TextContent.Trim().ShouldNotBeEmpty(page.Url);
                field.HasAttribute("placeholder").ShouldBeFalse(page.Url);
            }
        }
    }

    [Theory]
    [InlineData("138 0013 8000")]
    [InlineData("+86-138-0013-8000")]
    [InlineData("１３８００１３８０００")]
    [InlineData("\u00A0138\u00A00013\u00A08000 ")]
    [InlineData("+86 (138) 0013.8000")]
    [Trait("Point", "3")]
    public async Task A_number_is_understood_as_people_write_it(string typed)
    {
        var visitor = NewVisitor("zh-CN");
        var page = await visitor.SubmitAsync(await visitor.BeginAsync(), ("identifier", typed));

        ShouldBePage(page, "/log-in/password");
        page.Html.QuerySelector(".who-name").ShouldNotBeNull().TextContent.ShouldContain("+8613800138000");
    }

    [Fact]
    [Trait("Point", "4")]
    public async Task The_organisation_s_own_application_may_say_who_comes_and_the_first_step_is_skipped()
    {
        var visitor = NewVisitor();
        var page = await visitor.BeginAsync(("login_hint", " ALICE@example.com"));
        ShouldBePage(page, "/email-verification");
        page.Html.QuerySelector(".who-name").ShouldNotBeNull().TextContent.ShouldContain(Alice);
        Pages.Mails(Alice).ShouldBeEmpty("nobody is sent a code for being named by somebody else");

        // They may be somebody else all the same, and are not sent back to the step that was skipped.
        var change = await visitor.OpenAsync(page.Html.QuerySelector(".who a").ShouldNotBeNull().GetAttribute("href")!);
        ShouldBePage(change, "/log-in");
        change.Html.QuerySelector("#identifier").ShouldNotBeNull().GetAttribute("value").ShouldBe(Alice);
        (await visitor.SubmitAsync(await visitor.SubmitAsync(change, ("identifier", AlicePhone)), ("password", Password))).HasCode.ShouldBeTrue();

        ShouldBePage(await NewVisitor().BeginAsync(("login_hint", AlicePhone)), "/log-in/password");
        ShouldBePage(await NewVisitor().BeginAsync(("login_hint", "no address at all")), "/log-in");
    }

    [Fact]
    [Trait("Point", "4")]
    public async Task An_application_of_others_may_only_suggest_who_comes()
    {
        var page = await NewVisitor().OpenAsync($"/connect/authorize?{ConsentPageTests.Web(Provider).With("login_hint", Alice)}");

        ShouldBePage(page, "/log-in");
        page.Html.QuerySelector("#identifier").ShouldNotBeNull().GetAttribute("value").ShouldBe(Alice);
    }

    [Theory]
    [InlineData("alice@example.com", "nobod@example.com")]
    [InlineData("+8613800138010", "+8613800138019")]
    [Trait("Point", "12")]
    public async Task A_name_in_the_request_tells_nothing_of_whether_it_has_an_account(string known, string unknown)
    {
        var (one, other) = (await NewVisitor().BeginAsync(("login_hint", known)), await NewVisitor().BeginAsync(("login_hint", unknown)));

        (other.Status, other.Url.Split('?')[0], other.Body.Length).ShouldBe((one.Status, one.Url.Split('?')[0], one.Body.Length));
        other.Text.Replace(unknown, known).ShouldBe(one.Text);
        other.Headers.Select(header => header.Name).ShouldBe(one.Headers.Select(header => header.Name));
    }

    [Theory]
    [InlineData("ＧＵＥＳＴ")]
    [InlineData("GuEsT")]
    [Trait("Point", "5")]
    [Trait("Advisory", "CVE-2026-15617")]
    public async Task An_address_is_the_same_however_it_is_written(string guest)
    {
        var (_, address, _) = await SignUpAsync();
        Provider.Time.Advance(TimeSpan.FromMinutes(2));
        var visitor = NewVisitor();

        var page = await visitor.AskForCodeAsync(address.Replace("guest", guest));

        (await visitor.SubmitAsync(page, ("code", await Pages.CodeAsync(address, mails: 2)))).HasCode.ShouldBeTrue();
        (await Provider.CountAsync("select count(*) from people where email ilike $1", address)).ShouldBe(1);
    }

    [Fact]
    [Trait("Point", "6")]
    public async Task The_second_step_shows_who_and_changing_it_forgets_what_was_proven_or_sent_before()
    {
        var visitor = NewVisitor();
        var (before, after) = (Pages.NewAddress(), Pages.NewAddress());
        var page = await visitor.AskForCodeAsync(before);
        page.Html.QuerySelector(".who-name").ShouldNotBeNull().TextContent.ShouldContain(before);
        var codeBefore = await Pages.CodeAsync(before);

        var changed = await visitor.OpenAsync(page.Html.QuerySelector(".who a").ShouldNotBeNull().GetAttribute("href")!);
        page = await visitor.SubmitAsync(changed, ("identifier", after));

        page.Text.ShouldContain(after);
        page.Text.ShouldNotContain(before);
        await Pages.CodeAsync(after);
        (await visitor.SubmitAsync(page, ("code", codeBefore))).Text.ShouldContain("That is not the code.");
    }

    [Fact]
    [Trait("Point", "7")]
    public async Task Password_managers_find_the_name_beside_the_password()
    {
        var visitor = NewVisitor();
        var waiting = await visitor.AskForCodeAsync(Pages.NewAddress());
        var forms = new[]
        {
            (Page: await visitor.OpenAsync(waiting.Url.Replace("/email-verification", "/log-in/password")), AutoComplete: "current-password"),
            (Page: await visitor.OpenAsync(waiting.Url.Replace("/email-verification", "/create-account/password")), AutoComplete: "new-password"),
        };
        foreach (var (page, autoComplete) in forms)
        {
            var password = page.Html.QuerySelector("#password").ShouldBeAssignableTo<IHtmlInputElement>().ShouldNotBeNull();
            password.GetAttribute("autocomplete").ShouldBe(autoComplete);
            var name = password.Form.ShouldNotBeNull().QuerySelector("input[autocomplete=username]").ShouldNotBeNull(page.Url);
            name.GetAttribute("value").ShouldNotBeNullOrEmpty(page.Url);
        }
    }

    [Fact]
    [Trait("Point", "25")]
    public async Task Going_back_keeps_what_was_typed_and_every_form_leads_on_by_303()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var begun = await visitor.BeginAsync();
        var posted = await visitor.PostAsync(begun, ("identifier", address));
        posted.Status.ShouldBe(HttpStatusCode.SeeOther);
        var waiting = await visitor.GetAsync(posted.Location!);

        var back = await visitor.OpenAsync(begun.Url);
        back.Html.QuerySelector("#identifier").ShouldNotBeNull().GetAttribute("value").ShouldBe(address);

        (await visitor.PostAsync(waiting, ("code", PagedProvider.Other(await Pages.CodeAsync(address))))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await visitor.PostAsync(waiting, ("action", "resend"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var password = await visitor.OpenAsync(waiting.Url.Replace("/email-verification", "/log-in/password"));
        (await visitor.PostAsync(password, ("password", "not-the-password"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await visitor.PostAsync(waiting, ("code", await Pages.CodeAsync(address)))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    [Trait("Point", "26")]
    public async Task A_form_of_another_tab_lands_signed_in_once_this_tab_is_done()
    {
        var visitor = NewVisitor();
        var (one, other) = (await visitor.BeginAsync(), await visitor.BeginAsync(("state", "state-of-the-other-tab")));
        var otherPassword = await visitor.SubmitAsync(other, ("identifier", AlicePhone));

        var password = await visitor.SubmitAsync(one, ("identifier", AlicePhone));
        (await visitor.SubmitAsync(password, ("password", Password))).HasCode.ShouldBeTrue();

        // The first page of it, its second page, and the first page opened again.
        foreach (var landed in new[] { await visitor.SubmitAsync(other, ("identifier", AlicePhone)), await visitor.SubmitAsync(otherPassword, ("password", Password)), await visitor.OpenAsync(other.Url) })
        {
            (landed.HasCode || landed.Heading == "You are signed in").ShouldBeTrue(landed.Text);
        }
    }

    [Fact]
    [Trait("Point", "27")]
    public async Task A_page_left_open_for_half_a_day_still_goes_on()
    {
        var visitor = NewVisitor();
        var page = await visitor.BeginAsync(("ui_locales", "zh-CN"));
        Provider.Time.Advance(TimeSpan.FromHours(11));

        var password = await visitor.SubmitAsync(page, ("identifier", AlicePhone));

        password.Html.DocumentElement.GetAttribute("lang").ShouldBe("zh-CN");
        var answer = await visitor.SubmitAsync(password, ("password", Password));
        answer.HasCode.ShouldBeTrue();
        answer.Location!.ShouldStartWith(SignedIn.RedirectUriOf(Provider, "storefront"));
        answer.Location!.ShouldContain("state=state-of-the-client");
    }

    [Fact]
    [Trait("Point", "27")]
    public async Task A_form_that_lost_its_cookie_is_shown_again_and_says_so()
    {
        var visitor = NewVisitor();
        var page = await visitor.BeginAsync();

        var again = await visitor.PostAsync(page.Html.Forms[0].GetAttribute("action")!, Form.Of(("identifier", AlicePhone)));

        ShouldBePage(again, "/log-in", HttpStatusCode.BadRequest);
        again.Text.ShouldContain("This page waited too long, so nothing was sent.");
        ShouldBePage(await visitor.SubmitAsync(again, ("identifier", AlicePhone)), "/log-in/password");
    }

    [Theory]
    [InlineData("en", "zh-CN", "页面等待时间过长")]
    [InlineData("zh-CN", "en", "This page waited too long")]
    [Trait("Point", "27")]
    public async Task A_page_older_than_its_interaction_sends_the_same_request_once_more_at_one_click(string language, string wished, string title)
    {
        var visitor = NewVisitor(language);
        var page = await visitor.BeginAsync(("ui_locales", wished), ("nonce", "nonce-of-the-client"));
        Provider.Time.Advance(TimeSpan.FromHours(13));

        foreach (var stale in new[]
        {
            await visitor.SubmitAsync(page, ("identifier", AlicePhone)), await visitor.OpenAsync(page.Url), await visitor.OpenAsync(page.Url.Replace("/log-in", "/connect/authorize/continue")),
        })
        {
            (stale.Status, stale.Heading).ShouldBe((HttpStatusCode.OK, title));
            stale.Html.DocumentElement.GetAttribute("lang").ShouldBe(wished);
            var begun = await visitor.SubmitAsync(stale, ("client_id", "storefront"));
            ShouldBePage(begun, "/log-in");
            begun.Html.DocumentElement.GetAttribute("lang").ShouldBe(wished);
        }

        var again = await visitor.SubmitAsync(await visitor.OpenAsync(page.Url), ("client_id", "storefront"));
        var answer = await visitor.SubmitAsync(await visitor.SubmitAsync(again, ("identifier", AlicePhone)), ("password", Password));
        answer.HasCode.ShouldBeTrue();
        answer.Location!.ShouldStartWith(SignedIn.RedirectUriOf(Provider, "storefront"));
        answer.Location!.ShouldContain("state=state-of-the-client");
    }

    [Fact]
    [Trait("Point", "27")]
    public async Task A_page_of_somebody_who_came_alone_lets_them_begin_anew()
    {
        var visitor = NewVisitor();
        var password = await visitor.SubmitAsync(await visitor.OpenAsync("/log-in"), ("identifier", AlicePhone));
        Provider.Time.Advance(TimeSpan.FromHours(13));

        var stale = await visitor.SubmitAsync(password, ("password", Password));

        (stale.Status, stale.Heading).ShouldBe((HttpStatusCode.OK, "This page waited too long"));
        ShouldBePage(await visitor.OpenAsync(stale.Html.QuerySelector("main a.primary").ShouldNotBeNull().GetAttribute("href")!), "/log-in");
    }

    // CVE-2026-7507: whoever began the request knows what its answer will say; in another browser it must not go on.
    [Theory]
    [InlineData("en", "This page waited too long", "Back to")]
    [InlineData("zh-CN", "页面等待时间过长", "返回")]
    [Trait("Point", "27")]
    [Trait("Advisory", "CVE-2026-7507")]
    public async Task A_page_of_another_browser_names_the_application_and_leads_there(string language, string title, string back)
    {
        var page = await NewVisitor(language).BeginAsync();
        var other = NewVisitor(language);

        var stale = await other.OpenAsync(page.Url);

        stale.Status.ShouldBe(HttpStatusCode.Gone);
        stale.Html.Forms.ShouldBeEmpty();
        stale.Body.ShouldNotContain("state-of-the-client");
        stale.Heading.ShouldBe(title);
        stale.Text.ShouldContain("Storefront");
        var home = stale.Html.QuerySelector("main a.primary").ShouldNotBeNull();
        home.TextContent.ShouldStartWith(back);
        home.GetAttribute("href").ShouldBe(new Uri(new Uri(SignedIn.RedirectUriOf(Provider, "storefront")), "/").ToString());
    }

    [Fact]
    [Trait("Point", "28")]
    public async Task A_button_pressed_twice_begins_one_interaction_and_makes_one_session()
    {
        var visitor = NewVisitor();
        var page = await visitor.OpenAsync("/log-in");
        var twice = await Task.WhenAll(visitor.PostAsync(page, ("identifier", AlicePhone)), visitor.PostAsync(page, ("identifier", AlicePhone)));
        twice[0].Location.ShouldBe(twice[1].Location);

        var before = await SessionsAsync(Alice);
        var password = await visitor.GetAsync(twice[0].Location!);
        var pressed = await Task.WhenAll(visitor.PostAsync(password, ("password", Password)), visitor.PostAsync(password, ("password", Password)));

        pressed.ShouldAllBe(answer => answer.Status == HttpStatusCode.SeeOther);
        (await SessionsAsync(Alice)).ShouldBe(before + 1);
    }

    [Fact]
    [Trait("Point", "29")]
    public async Task Going_back_after_signing_in_shows_no_form_and_signs_nobody_in_again()
    {
        var visitor = NewVisitor();
        var begun = await visitor.BeginAsync();
        var password = await visitor.SubmitAsync(begun, ("identifier", AlicePhone));
        (await visitor.SubmitAsync(password, ("password", Password))).HasCode.ShouldBeTrue();
        var sessions = await SessionsAsync(Alice);

        foreach (var url in new[] { begun.Url, password.Url })
        {
            var back = await visitor.OpenAsync(url);
            back.Heading.ShouldBe("You are signed in", back.Text);
            back.Html.QuerySelectorAll("main form").ShouldBeEmpty();
        }

        (await visitor.PostAsync(password, ("password", Password))).Status.ShouldNotBe(HttpStatusCode.BadRequest);
        (await SessionsAsync(Alice)).ShouldBe(sessions);
    }

    private async Task<IReadOnlyList<PageAnswer>> EveryFormAsync()
    {
        var visitor = NewVisitor();
        var begun = await visitor.BeginAsync();
        var waiting = await visitor.SubmitAsync(begun, ("identifier", Pages.NewAddress()));
        return
        [
            begun, waiting, await visitor.OpenAsync(waiting.Url.Replace("/email-verification", "/log-in/password")), await visitor.OpenAsync(begun.Url.Replace("/log-in", "/create-account")),
            await visitor.OpenAsync(begun.Url.Replace("/log-in", "/create-account/password")), await visitor.SubmitAsync(begun, ("identifier", "nobody at all")),
        ];
    }
}
