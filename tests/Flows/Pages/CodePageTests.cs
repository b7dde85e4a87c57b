using System.Globalization;
using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary>The page that waits for a code, without scripts.</summary>
public sealed class CodePageTests(PagedProvider pages) : PageTest(pages)
{
    [Fact]
    [Trait("Point", "13")]
    public async Task There_is_exactly_one_field_for_the_code()
    {
        var page = await NewVisitor().AskForCodeAsync(Pages.NewAddress());

        var field = page.Html.QuerySelectorAll("main input:not([type=hidden]):not([type=checkbox])").ShouldHaveSingleItem();
        field.GetAttribute("type").ShouldBe("text");
        field.GetAttribute("inputmode").ShouldBe("numeric");
        field.GetAttribute("autocomplete").ShouldBe("one-time-code");
        field.GetAttribute("pattern").ShouldBe("[0-9 ]*");
        field.HasAttribute("maxlength").ShouldBeFalse("a pasted sentence would be cut");
    }

    [Theory]
    [InlineData("Your code is {0} {1}")]
    [InlineData(" {0}-{1} ")]
    [InlineData("您的验证码：{0}{1}。")]
    [InlineData("full width")]
    [Trait("Point", "14")]
    public async Task A_code_is_found_in_whatever_was_pasted(string pasted)
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var page = await visitor.AskForCodeAsync(address);
        var code = await Pages.CodeAsync(address);
        var text = pasted == "full width"
            ? string.Concat(code.Select(digit => (char)(digit - '0' + '０')))
            : string.Format(CultureInfo.InvariantCulture, pasted, code[..3], code[3..]);

        ShouldBePage(await visitor.SubmitAsync(page, ("code", text)), "/create-account");
    }

    [Fact]
    [Trait("Point", "16")]
    public async Task A_code_works_without_scripts_by_pressing_the_button()
    {
        var (visitor, address, answer) = await SignUpAsync();
        answer.HasCode.ShouldBeTrue();
        Provider.Time.Advance(TimeSpan.FromMinutes(2));

        var again = NewVisitor();
        var page = await again.AskForCodeAsync(address);
        page.Html.QuerySelector("form button[type=submit]").ShouldNotBeNull();
        (await again.SubmitAsync(page, ("code", await Pages.CodeAsync(address, mails: 2)))).HasCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_asks_to_stay_signed_in_with_a_code_stays_so_in_the_account_it_then_makes(bool asked)
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var page = await visitor.AskForCodeAsync(address);
        (string, string) code = ("code", await Pages.CodeAsync(address));

        var proven = await visitor.SubmitAsync(page, asked ? [code, ("remember", "on")] : [code]);
        ShouldBePage(proven, "/create-account");
        var made = await visitor.PostAsync(proven, ("action", "create"));

        (await Provider.CountAsync("select count(*) from sessions s join people p on p.id = s.person_id where p.normalized_email = $1 and s.remembered = $2", address, asked)).ShouldBe(1);
        var cookie = made.Headers.Single(header => header.Name == "Set-Cookie" && header.Value.StartsWith("identity.session=", StringComparison.Ordinal)).Value;
        cookie.Contains("max-age=2592000", StringComparison.Ordinal).ShouldBe(asked, cookie);
        (await visitor.FollowAsync(made)).HasCode.ShouldBeTrue();
    }

    [Fact]
    [Trait("Point", "18")]
    public async Task The_time_until_the_next_code_comes_from_the_server_and_a_reload_does_not_shorten_it()
    {
        var visitor = NewVisitor();
        var page = await visitor.AskForCodeAsync(Pages.NewAddress());
        Countdown(page).ShouldBe(60);
        var deadline = Deadline(page);
        deadline.ShouldBe(Provider.Time.Now + TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1));

        Provider.Time.Advance(TimeSpan.FromSeconds(22));

        var reloaded = await visitor.OpenAsync(page.Url);
        Countdown(reloaded).ShouldBe(38);
        Deadline(reloaded).ShouldBe(deadline);
        var otherTab = await visitor.OpenAsync(page.Url);
        Deadline(otherTab).ShouldBe(deadline);

        Provider.Time.Advance(TimeSpan.FromSeconds(39));
        (await visitor.OpenAsync(page.Url)).Html.QuerySelector("[data-countdown]").ShouldBeNull();
    }

    [Fact]
    [Trait("Point", "18")]
    public async Task Another_tab_that_begins_anew_shows_the_same_time_and_takes_the_same_code()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var first = await visitor.AskForCodeAsync(address);
        Provider.Time.Advance(TimeSpan.FromSeconds(22));

        var second = await visitor.AskForCodeAsync(address);

        Deadline(second).ShouldBe(Deadline(first));
        Countdown(second).ShouldBe(38);
        ShouldBePage(await visitor.SubmitAsync(second, ("code", await Pages.CodeAsync(address))), "/create-account");
    }

    [Fact]
    [Trait("Point", "18")]
    public async Task Another_browser_counts_down_to_the_same_time_although_no_code_is_under_way_there()
    {
        var address = Pages.NewAddress();
        var first = await NewVisitor().AskForCodeAsync(address);
        Provider.Time.Advance(TimeSpan.FromSeconds(10));

        var visitor = NewVisitor();
        var page = await visitor.AskForCodeAsync(address);

        page.Html.QuerySelector("[name=code]").ShouldBeNull();
        Countdown(page).ShouldBe(50);
        Deadline(page).ShouldBe(Deadline(first));
        Countdown(await visitor.OpenAsync(page.Url)).ShouldBe(50);
        Provider.Time.Advance(TimeSpan.FromSeconds(51));
        (await visitor.SubmitAsync(await visitor.OpenAsync(page.Url), ("action", "resend"))).Html.QuerySelector("[name=code]").ShouldNotBeNull();
    }

    [Fact]
    [Trait("Point", "19")]
    public async Task A_new_code_says_that_only_it_works_and_so_it_is()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var page = await visitor.AskForCodeAsync(address);
        var old = await Pages.CodeAsync(address);
        Provider.Time.Advance(TimeSpan.FromSeconds(61));

        var resent = await visitor.SubmitAsync(page, ("action", "resend"));
        resent.Text.ShouldContain("Only the newest one works.");
        var fresh = await Pages.CodeAsync(address, mails: 2);

        if (old != fresh)
        {
            (await visitor.SubmitAsync(resent, ("code", old))).Text.ShouldContain("That is not the code.");
        }

        ShouldBePage(await visitor.SubmitAsync(resent, ("code", fresh)), "/create-account");
    }

    [Fact]
    [Trait("Point", "19")]
    public async Task New_codes_give_no_new_guesses_at_an_address()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var page = await visitor.AskForCodeAsync(address);
        for (var sent = 1; sent <= 2; sent++)
        {
            page = await GuessWrongAsync(visitor, page, await Pages.CodeAsync(address, sent), times: 5);
            Provider.Time.Advance(TimeSpan.FromSeconds(61));
            page = await visitor.SubmitAsync(page, ("action", "resend"));
        }

        var right = await visitor.SubmitAsync(page, ("code", await Pages.CodeAsync(address, mails: 3)));

        ShouldBePage(right, "/email-verification");
        right.Text.ShouldContain("Too many wrong codes for this address. Try again in");
    }

    [Fact]
    [Trait("Point", "20")]
    public async Task After_five_wrong_guesses_the_code_is_dead_and_the_page_says_what_to_do_and_when()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var page = await visitor.AskForCodeAsync(address);
        var code = await Pages.CodeAsync(address);

        var dead = await GuessWrongAsync(visitor, page, code, times: 5);

        dead.Text.ShouldContain("Ask for a new one.");
        dead.Text.ShouldContain("You can ask for a new code in 60 seconds.");
        dead.Html.QuerySelector("[name=code]").ShouldBeNull();
        var right = await visitor.SubmitAsync(page, ("code", code));
        ShouldBePage(right, "/email-verification");
        (await Provider.CountAsync("select count(*) from challenges where address = $1 and used_at is not null", address)).ShouldBe(0);
    }

    [Fact]
    [Trait("Point", "21")]
    [Trait("Advisory", "CVE-2024-8122")]
    public async Task A_code_says_how_long_it_works_and_then_offers_another_instead_of_an_error()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var page = await visitor.AskForCodeAsync(address);
        page.Text.ShouldContain("It works for 5 minutes.");
        var code = await Pages.CodeAsync(address);
        Provider.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));

        var late = await visitor.SubmitAsync(page, ("code", code));

        ShouldBePage(late, "/email-verification");
        late.Text.ShouldContain("too old");
        ShouldBePage(await visitor.OpenAsync(page.Url), "/email-verification");
        (await visitor.SubmitAsync(late, ("action", "resend"))).Text.ShouldContain("It works for 5 minutes.");
    }

    [Fact]
    [Trait("Point", "22")]
    public async Task A_right_code_is_worth_nothing_in_another_browser()
    {
        var address = Pages.NewAddress();
        var owner = await NewVisitor().AskForCodeAsync(address);
        var code = await Pages.CodeAsync(address);
        var stranger = NewVisitor();

        // With the owner's link there is no form to type it in, and with a page of their own it is not the code.
        (await stranger.OpenAsync(owner.Url)).Heading.ShouldBe("This page waited too long");
        var page = await stranger.AskForCodeAsync(Pages.NewAddress());
        (await stranger.SubmitAsync(page, ("code", code))).Text.ShouldContain("That is not the code.");
        (await stranger.AskForCodeAsync(address)).Html.QuerySelector("[name=code]").ShouldBeNull();
    }

    [Fact]
    [Trait("Point", "23")]
    [Trait("Point", "28")]
    public async Task Of_a_hundred_right_codes_at_once_one_signs_in_and_all_arrive_there()
    {
        var (_, address, _) = await SignUpAsync();
        Provider.Time.Advance(TimeSpan.FromMinutes(2));
        var visitor = NewVisitor();
        var page = await visitor.AskForCodeAsync(address);
        var code = await Pages.CodeAsync(address, mails: 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => visitor.PostAsync(page, ("code", code))));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.SeeOther && answer.Location!.StartsWith("/connect/authorize/continue?interaction="));
        (await SessionsAsync(address)).ShouldBe(2, "one by signing up, one by these hundred");
        (await visitor.FollowAsync(answers[^1])).HasCode.ShouldBeTrue();
    }

    [Fact]
    [Trait("Point", "23")]
    public async Task Of_a_hundred_right_codes_at_once_one_makes_the_account()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var begun = await visitor.BeginAsync();
        var choose = await visitor.SubmitAsync(await visitor.OpenAsync(begun.Url.Replace("/log-in", "/create-account")), ("identifier", address));
        var page = await visitor.SubmitAsync(choose, ("action", "without"));
        var code = await Pages.CodeAsync(address);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => visitor.PostAsync(page, ("code", code))));

        (await Provider.CountAsync("select count(*) from people where normalized_email = $1", address)).ShouldBe(1);
        (await SessionsAsync(address)).ShouldBe(1);
    }

    [Fact]
    [Trait("Point", "24")]
    public async Task No_other_way_in_is_offered_than_one_that_the_identifier_itself_allows()
    {
        var visitor = NewVisitor();
        var byPhone = await visitor.SubmitAsync(await visitor.BeginAsync(), ("identifier", AlicePhone));
        ShouldBePage(byPhone, "/log-in/password");
        byPhone.Html.QuerySelectorAll("[value=open]").ShouldBeEmpty("Alice's mailbox is not named by who only knows her number");

        var byMail = await visitor.AskForCodeAsync(Pages.NewAddress());
        byMail.Html.QuerySelectorAll("main a").Select(link => link.GetAttribute("href")!.Split('?')[0]).ShouldContain("/log-in/password");
    }

    private static int Countdown(PageAnswer page) =>
        int.Parse(page.Html.QuerySelector("[data-countdown]").ShouldNotBeNull().GetAttribute("data-countdown")!, CultureInfo.InvariantCulture);

    private static DateTimeOffset Deadline(PageAnswer page) =>
        DateTimeOffset.Parse(page.Html.QuerySelector("[data-countdown] time").ShouldNotBeNull().GetAttribute("datetime")!, CultureInfo.InvariantCulture);

    private static async Task<PageAnswer> GuessWrongAsync(PageVisitor visitor, PageAnswer page, string code, int times)
    {
        for (var i = 1; i < times; i++)
        {
            page = await visitor.SubmitAsync(page, ("code", PagedProvider.Other(code)));
            page.Text.ShouldContain("That is not the code.");
        }

        return await visitor.SubmitAsync(page, ("code", PagedProvider.Other(code)));
    }
}
