using System.Net;
using Harness;
using Microsoft.Extensions.DependencyInjection;
using ProviderHarness;

namespace Flows;

/// <summary>A client of somebody else asks: allowed, refused, remembered, asked for more, taken back; and by whom it cannot be answered.</summary>
public sealed class ConsentPageTests(PagedProvider pages) : PageTest(pages)
{
    /// <summary>The request of <c>web</c>.</summary>
    public static Form Web(Provider provider, string scope = "openid email") => Form.Of(
        ("client_id", "web"), ("redirect_uri", SignedIn.RedirectUriOf(provider, "web")), ("response_type", "code"), ("scope", scope), ("state", "state-of-the-client"),
        ("nonce", "n-1"));

    [Fact]
    public async Task Says_who_asks_for_what_and_for_how_long_and_remembers_the_answer()
    {
        var visitor = await SignedInAsync();

        var page = await OpenAsync(visitor, Web(Provider, "openid email offline_access members"));

        ShouldBePage(page, "/consent");
        page.Heading.ShouldBe("Allow Example web application?");
        page.Text.ShouldContain(new Uri(SignedIn.RedirectUriOf(Provider, "web")).Authority);
        Wishes(page).ShouldBe([
            "Know you again By a number that stands for your account.", $"See your email address {visitor.Address}",
            "Stay connected while you are away It keeps what you allow here after you leave, until you take it back.", "Use your membership for you Read and change your profile and orders.",
        ]);
        page.Text.ShouldContain("365 days");
        var posted = await PressAsync(visitor, page, "allow");
        posted.Status.ShouldBe(HttpStatusCode.SeeOther);
        var answer = await visitor.Browser.FollowAsync(posted);
        answer.Status.ShouldBe(HttpStatusCode.SeeOther);
        answer.HasCode.ShouldBeTrue(answer.Text);

        (await OpenAsync(visitor, Web(Provider, "openid members"))).HasCode.ShouldBeTrue();
        (await OpenAsync(visitor, Web(Provider).With("prompt", "none"))).HasCode.ShouldBeTrue();
        Provider.Time.Advance(TimeSpan.FromDays(366));
        (await SignInAsync(visitor, Web(Provider))).Heading.ShouldBe("Allow Example web application?");
    }

    [Fact]
    public async Task Asks_for_what_is_new_alone()
    {
        var visitor = await SignedInAsync();
        (await AllowAsync(visitor, Web(Provider))).HasCode.ShouldBeTrue();

        var page = await OpenAsync(visitor, Web(Provider, "openid email phone").With("claims", """{"userinfo":{"birthdate":null,"email":null},"id_token":{"role":null}}"""));

        Wishes(page).ShouldBe(["See your phone number", "See your roles", "See your birthday"]);
        page.Html.QuerySelectorAll("main details .wishes li").Length.ShouldBe(2);
        (await visitor.Browser.FollowAsync(await PressAsync(visitor, page, "allow"))).HasCode.ShouldBeTrue();
        (await OpenAsync(visitor, Web(Provider, "openid phone").With("claims", """{"id_token":{"birthdate":null}}"""))).HasCode.ShouldBeTrue();
    }

    [Fact]
    public async Task A_claim_that_was_allowed_by_itself_reaches_userinfo_and_the_ID_token()
    {
        var visitor = NewVisitor();
        var form = Web(Provider, "openid offline_access").With("claims", """{"userinfo":{"birthdate":null},"id_token":{"email":{"essential":true},"address":null}}""");
        var password = await visitor.SubmitAsync(await visitor.OpenAsync($"/connect/authorize?{form}"), ("identifier", AlicePhone));
        var page = await visitor.SubmitAsync(password, ("password", Password));

        var answer = page.HasCode ? page : await visitor.SubmitAsync(page, ("shown", Shown(page)), ("action", "allow"));

        var tokens = await Provider.RedeemAsync("web", CodeOf(answer), verifier: null);
        var idToken = DatabaseLooks.PayloadOf(tokens["id_token"]!);
        idToken.GetProperty("email").GetString().ShouldBe(Alice);
        idToken.GetProperty("address").GetProperty("country").GetString().ShouldBe("CN");
        idToken.TryGetProperty("birthdate", out _).ShouldBeFalse();
        var told = (await Provider.UserInfoAsync(tokens.AccessToken)).Body;
        told.EnumerateObject().Select(claim => claim.Name).ShouldBe(["sub", "birthdate"]);
        var refreshed = await Provider.RefreshAsync("web", tokens.RefreshToken);
        DatabaseLooks.PayloadOf(refreshed["id_token"]!).GetProperty("address").GetProperty("country").GetString().ShouldBe("CN");
        (await Provider.UserInfoAsync(refreshed.AccessToken))["birthdate"].ShouldBe("1990-04-01");
    }

    [Fact]
    public async Task Refusing_sends_back_to_the_client_and_is_not_remembered()
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));

        var answer = await visitor.Browser.FollowAsync(await PressAsync(visitor, page, "deny"));

        answer.Location!.ShouldStartWith(SignedIn.RedirectUriOf(Provider, "web"));
        answer.Location!.ShouldContain("error=access_denied");
        answer.Location!.ShouldContain("state=state-of-the-client");
        answer.Location!.ShouldContain("iss=");
        (await OpenAsync(visitor, Web(Provider))).Heading.ShouldBe("Allow Example web application?");
        (await OpenAsync(visitor, Web(Provider).With("prompt", "none"))).Location!.ShouldContain("error=consent_required");
    }

    [Fact]
    public async Task Prompt_consent_asks_whatever_was_allowed_before()
    {
        var visitor = await SignedInAsync();
        (await AllowAsync(visitor, Web(Provider))).HasCode.ShouldBeTrue();

        var page = await OpenAsync(visitor, Web(Provider).With("prompt", "consent"));

        Wishes(page).Count.ShouldBe(2);
        (await visitor.Browser.FollowAsync(await PressAsync(visitor, page, "allow"))).HasCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Taking_it_back_ends_the_tokens_and_asks_again()
    {
        var visitor = await SignedInAsync();
        var tokens = await Provider.RedeemAsync("web", CodeOf(await AllowAsync(visitor, Web(Provider, "openid email offline_access"))), verifier: null);
        var underWay = CodeOf(await OpenAsync(visitor, Web(Provider)));
        var person = Guid.Parse(DatabaseLooks.PayloadOf(tokens.AccessToken).GetProperty("sub").GetString()!);

        (await Provider.Services.GetRequiredService<IdentityProvider.ConsentStore>().WithdrawAsync(person, "web", Provider.Time.Now, default)).ShouldBeTrue();

        (await Provider.RefreshAsync("web", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await Provider.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Provider.RedeemAsync("web", underWay, verifier: null)).Error.ShouldBe("invalid_grant");
        (await OpenAsync(visitor, Web(Provider))).Heading.ShouldBe("Allow Example web application?");
        (await visitor.Browser.BeginAsync()).HasCode.ShouldBeTrue("the organisation's own front end is nobody's to allow");
    }

    [Fact]
    public async Task The_answer_of_another_browser_counts_for_nothing()
    {
        var visitor = await SignedInAsync();
        var thief = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));

        // With the whole form as the person saw it, and the thief's own antiforgery token.
        var theirs = await OpenAsync(thief, Web(Provider));
        var stolen = await thief.Browser.PostAsync(page.Url, Form.Of(("form", FieldOf(theirs, "form")), ("shown", Shown(page)), ("action", "allow")));

        stolen.Status.ShouldBe(HttpStatusCode.Gone);
        (await ConsentsAsync(visitor)).ShouldBe(0);
        (await ConsentsAsync(thief)).ShouldBe(0);
        (await visitor.Browser.FollowAsync(await PressAsync(visitor, page, "allow"))).HasCode.ShouldBeTrue();
    }

    [Fact]
    public async Task The_answer_to_another_request_counts_for_nothing()
    {
        var visitor = await SignedInAsync();
        var (one, other) = (await OpenAsync(visitor, Web(Provider)), await OpenAsync(visitor, Web(Provider, "openid email phone address")));

        var answer = await visitor.Browser.FollowAsync(await visitor.Browser.PostAsync(other.Url, Form.Of(("form", FieldOf(other, "form")), ("shown", Shown(one)), ("action", "allow"))));

        ShouldBePage(answer, "/consent");
        answer.Text.ShouldContain("What is asked here has changed since you opened the page.");
        (await ConsentsAsync(visitor)).ShouldBe(0);
    }

    [Theory]
    [InlineData("scope", "openid email phone")]
    [InlineData("client_id", "storefront")]
    [InlineData("claims", """{"userinfo":{"address":null}}""")]
    public async Task What_a_form_adds_changes_nothing_of_what_is_allowed(string name, string value)
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));

        await visitor.Browser.PostAsync(page.Url, Form.Of(("form", FieldOf(page, "form")), ("shown", Shown(page)), ("action", "allow"), (name, value)));

        (await Provider.CountAsync("select count(*) from consents c join people p on p.id = c.person_id where p.normalized_email = $1 and c.scopes = '{openid,email}' and c.claims = '{}'", visitor.Address)).ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "allow")]
    [InlineData("made-up", "allow")]
    [InlineData("made-up", "deny")]
    public async Task An_answer_that_does_not_say_to_what_is_asked_for_again(string? shown, string action)
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));

        var again = await visitor.Browser.FollowAsync(await visitor.Browser.PostAsync(page.Url, Form.Of(("form", FieldOf(page, "form")), ("shown", shown ?? ""), ("action", action))));

        ShouldBePage(again, "/consent");
        (await ConsentsAsync(visitor)).ShouldBe(0);
    }

    [Fact]
    public async Task A_form_of_another_site_counts_for_nothing()
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));

        var forged = await visitor.Browser.PostAsync(page.Url, Form.Of(("shown", Shown(page)), ("action", "allow")));

        ShouldBePage(forged, "/consent", HttpStatusCode.BadRequest);
        (await ConsentsAsync(visitor)).ShouldBe(0);
    }

    [Theory]
    [InlineData("allow")]
    [InlineData("deny")]
    [Trait("Point", "28")]
    public async Task A_button_pressed_twice_answers_once_and_both_lead_on(string action)
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));

        var pressed = await Task.WhenAll(PressAsync(visitor, page, action), PressAsync(visitor, page, action));
        pressed.ShouldAllBe(answer => answer.Status == HttpStatusCode.SeeOther);
        var (first, second) = (await visitor.Browser.FollowAsync(pressed[0]), await visitor.Browser.FollowAsync(await PressAsync(visitor, page, action)));

        foreach (var answer in new[] { first, second })
        {
            answer.Location!.ShouldStartWith(SignedIn.RedirectUriOf(Provider, "web"));
            answer.HasCode.ShouldBe(action == "allow");
        }

        (await Provider.CountAsync("select count(*) from audit a join people p on p.id = a.person_id where a.event = 'consent.given' and p.normalized_email = $1", visitor.Address)).ShouldBe(action == "allow" ? 1 : 0);
    }

    [Fact]
    [Trait("Point", "29")]
    public async Task Going_back_after_the_answer_shows_no_form_again()
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));
        (await visitor.Browser.FollowAsync(await PressAsync(visitor, page, "allow"))).HasCode.ShouldBeTrue();

        var back = await visitor.Browser.OpenAsync(page.Url);

        back.Heading.ShouldBe("You are signed in");
        back.Html.QuerySelectorAll("main form").ShouldBeEmpty();
        Provider.Time.Advance(TimeSpan.FromMinutes(1));
        (await PressAsync(visitor, page, "deny")).Heading.ShouldBe("You are signed in");
    }

    [Fact]
    [Trait("Point", "27")]
    public async Task A_page_left_open_too_long_asks_anew_at_one_click()
    {
        var visitor = await SignedInAsync(remember: true);
        var page = await OpenAsync(visitor, Web(Provider).With("ui_locales", "zh-CN"));
        Provider.Time.Advance(TimeSpan.FromHours(13));

        var stale = await PressAsync(visitor, page, "allow");
        (stale.Status, stale.Heading).ShouldBe((HttpStatusCode.OK, "页面等待时间过长"));
        (await ConsentsAsync(visitor)).ShouldBe(0);

        var again = await visitor.Browser.SubmitAsync(stale, ("client_id", "web"));
        ShouldBePage(again, "/consent");
        again.Html.DocumentElement.GetAttribute("lang").ShouldBe("zh-CN");
        (await visitor.Browser.FollowAsync(await PressAsync(visitor, again, "allow"))).HasCode.ShouldBeTrue();
    }

    [Fact]
    [Trait("Advisory", "CVE-2025-12390")]
    public async Task Somebody_who_signs_in_meanwhile_allows_nothing_by_the_page_of_somebody_else()
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));
        var other = await visitor.Browser.BeginAsync(("prompt", "login"));
        var typed = await visitor.Browser.SubmitAsync(other, ("identifier", AlicePhone));
        (await visitor.Browser.SubmitAsync(typed, ("password", Password))).HasCode.ShouldBeTrue();

        var answer = await visitor.Browser.FollowAsync(await PressAsync(visitor, page, "allow"));

        ShouldBePage(answer, "/consent");
        answer.Html.QuerySelector(".who-name")!.TextContent.ShouldContain(Alice);
        (await ConsentsAsync(visitor)).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_is_not_meant_signs_in_as_somebody_else_in_the_same_request()
    {
        var visitor = await SignedInAsync();
        var page = await OpenAsync(visitor, Web(Provider));

        var logIn = await visitor.Browser.FollowAsync(await PressAsync(visitor, page, "another"));

        ShouldBePage(logIn, "/log-in");
        logIn.Html.QuerySelector("#identifier")!.GetAttribute("value").ShouldBeNullOrEmpty();
        logIn.Url.Split('?')[1].ShouldBe(page.Url.Split('?')[1]);
        var typed = await visitor.Browser.SubmitAsync(logIn, ("identifier", AlicePhone));
        var next = await visitor.Browser.SubmitAsync(typed, ("password", Password));
        (next.HasCode || next.Html.QuerySelector(".who-name")!.TextContent.Contains(Alice)).ShouldBeTrue(next.Text);
    }

    [Fact]
    [Trait("Point", "38")]
    public async Task Is_framed_by_nobody_and_its_form_may_lead_to_the_application()
    {
        var page = await OpenAsync(await SignedInAsync(), Web(Provider));

        page["X-Frame-Options"].ShouldBe("DENY");
        var policy = page["Content-Security-Policy"].ShouldNotBeNull();
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain($"form-action 'self' {new Uri(SignedIn.RedirectUriOf(Provider, "web")).GetLeftPart(UriPartial.Authority)};");
        policy.ShouldNotContain("unsafe");
        page["Cache-Control"].ShouldNotBeNull().ShouldContain("no-store");
    }

    private async Task<Guest> SignedInAsync(bool remember = false)
    {
        var browser = NewVisitor();
        var address = Pages.NewAddress();
        var typed = await browser.SubmitAsync(await browser.OpenAsync((await browser.BeginAsync()).Url.Replace("/log-in", "/create-account")), ("identifier", address));
        var sent = await browser.SubmitAsync(typed, ("action", "without"));
        (string, string)[] code = [("code", await Pages.CodeAsync(address))];
        (await browser.SubmitAsync(sent, remember ? [.. code, ("remember", "on")] : code)).HasCode.ShouldBeTrue();
        return new Guest(browser, address);
    }

    private static Task<PageAnswer> OpenAsync(Guest guest, Form request) => guest.Browser.OpenAsync($"/connect/authorize?{request}");

    private async Task<PageAnswer> SignInAsync(Guest guest, Form request)
    {
        var page = await guest.Browser.SubmitAsync(await OpenAsync(guest, request), ("identifier", guest.Address));
        return await guest.Browser.SubmitAsync(page, ("code", await Pages.CodeAsync(guest.Address, mails: 2)));
    }

    private static async Task<PageAnswer> AllowAsync(Guest guest, Form request) => await guest.Browser.FollowAsync(await PressAsync(guest, await OpenAsync(guest, request), "allow"));

    private static Task<PageAnswer> PressAsync(Guest guest, PageAnswer page, string button) => guest.Browser.PostAsync(page, ("shown", Shown(page)), ("action", button));

    private static string Shown(PageAnswer page) => FieldOf(page, "shown");

    private static string FieldOf(PageAnswer page, string name) => page.Html.QuerySelector($"main form input[name='{name}']").ShouldNotBeNull(page.Text).GetAttribute("value")!;

    private static string CodeOf(PageAnswer answer) => System.Web.HttpUtility.ParseQueryString(new Uri(answer.Location.ShouldNotBeNull(answer.Text)).Query)["code"].ShouldNotBeNull(answer.Location);

    private static IReadOnlyList<string> Wishes(PageAnswer page) =>
        [.. page.Html.QuerySelectorAll("main > .wishes li").Select(item => string.Join(' ', item.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))];

    private Task<long> ConsentsAsync(Guest guest) =>
        Provider.CountAsync("select count(*) from consents c join people p on p.id = c.person_id where p.normalized_email = $1", guest.Address);

    private sealed record Guest(PageVisitor Browser, string Address);
}
