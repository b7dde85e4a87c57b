using Harness;
using ProviderHarness;

namespace Flows;

/// <summary>Which account is meant, and proving it once more (OpenID Connect Core §3.1.2.1).</summary>
public sealed class AccountSelectionTests(PagedProvider pages) : PageTest(pages)
{
    [Fact]
    public async Task Whoever_is_signed_in_goes_on_with_one_click()
    {
        var visitor = await AliceAsync();

        var page = await visitor.BeginAsync(("prompt", "select_account"));

        ShouldBePage(page, "/log-in");
        page.Heading.ShouldBe("Choose an account");
        page.Html.QuerySelector(".who-name")!.TextContent.ShouldContain(Alice);
        var sessions = await SessionsAsync(Alice);
        (await visitor.SubmitAsync(page, ("shown", Shown(page)), ("action", "continue"))).HasCode.ShouldBeTrue();
        (await SessionsAsync(Alice)).ShouldBe(sessions);
        (await visitor.OpenAsync(page.Url)).Heading.ShouldBe("You are signed in");
    }

    [Fact]
    public async Task Another_account_signs_in_within_the_same_request()
    {
        var visitor = await AliceAsync();
        var page = await visitor.BeginAsync(("prompt", "select_account"));

        var logIn = await visitor.SubmitAsync(page, ("action", "another"));

        ShouldBePage(logIn, "/log-in");
        logIn.Html.QuerySelector("#identifier").ShouldNotBeNull().GetAttribute("value").ShouldBeNullOrEmpty();
        var address = Pages.NewAddress();
        var typed = await visitor.SubmitAsync(await visitor.OpenAsync(logIn.Url.Replace("/log-in", "/create-account")), ("identifier", address));
        var answer = await visitor.SubmitAsync(await visitor.SubmitAsync(typed, ("action", "without")), ("code", await Pages.CodeAsync(address)));
        answer.HasCode.ShouldBeTrue(answer.Text);
        (await SubjectAsync(answer)).ShouldBe(await IdOfAsync(address));
    }

    [Fact]
    public async Task Nobody_goes_on_by_the_button_of_somebody_else()
    {
        var visitor = await AliceAsync();
        var page = await visitor.BeginAsync(("prompt", "select_account"));
        var shown = Shown(page);
        var (_, address) = await SignInAnotherAsync(visitor);

        var answer = await visitor.SubmitAsync(page, ("shown", shown), ("action", "continue"));

        answer.Heading.ShouldBe("Choose an account");
        answer.Html.QuerySelector(".who-name")!.TextContent.ShouldContain(address);
    }

    [Fact]
    public async Task Without_a_session_signing_in_is_choosing()
    {
        var visitor = NewVisitor();
        var password = await visitor.SubmitAsync(await visitor.BeginAsync(("prompt", "select_account")), ("identifier", AlicePhone));

        (await visitor.SubmitAsync(password, ("password", Password))).HasCode.ShouldBeTrue();
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    public async Task Proves_who_is_there_once_more(string name, string value)
    {
        var visitor = NewVisitor();
        var first = await SignInAsync(visitor, await visitor.BeginAsync());
        Provider.Time.Advance(TimeSpan.FromSeconds(1));

        var page = await visitor.BeginAsync((name, value));
        ShouldBePage(page, "/log-in");
        page.Html.QuerySelector("#identifier").ShouldNotBeNull().GetAttribute("value").ShouldBe(Alice, "whoever signs in again is most likely the same");

        // Going around the pages answers nothing.
        ShouldBePage(await visitor.OpenAsync(page.Url.Replace("/log-in", "/connect/authorize/continue")), "/log-in");
        var second = await SignInAsync(visitor, page);
        (await AuthTimeAsync(second)).ShouldBeGreaterThan(await AuthTimeAsync(first));
    }

    // A session of the very same second is no newer than the request.
    [Fact]
    public async Task A_sign_in_just_before_is_none_since()
    {
        var visitor = await AliceAsync();

        ShouldBePage(await visitor.BeginAsync(("prompt", "login")), "/log-in");
    }

    // RFC 6265bis §5.6.7.1: the form of another site brings no cookie, so the session shows only once the browser follows the redirect.
    [Theory]
    [InlineData("login", "/log-in", "Sign in")]
    [InlineData("select_account", "/log-in", "Choose an account")]
    public async Task A_request_posted_from_another_site_is_asked_just_the_same(string prompt, string path, string heading)
    {
        var visitor = await AliceAsync();
        var posted = await NewVisitor().PostAsync("/connect/authorize", PageVisitor.Request(Provider).With("prompt", prompt));

        var page = await visitor.OpenAsync(posted.Location!);

        ShouldBePage(page, path);
        page.Heading.ShouldBe(heading);
    }

    [Theory]
    [InlineData("none login")]
    [InlineData("none consent")]
    [InlineData("none select_account")]
    public async Task None_stands_alone(string prompt) =>
        (await (await AliceAsync()).BeginAsync(("prompt", prompt))).Location!.ShouldContain("error=invalid_request");

    [Theory]
    [InlineData("allow")]
    [InlineData("")]
    public async Task A_button_nobody_drew_leads_back_to_the_page(string action)
    {
        var visitor = await AliceAsync();
        var page = await visitor.BeginAsync(("prompt", "select_account"));

        var answer = await visitor.FollowAsync(await visitor.PostAsync(page.Url, Form.Of(("form", page.Html.QuerySelector("input[name=form]")!.GetAttribute("value")!), ("shown", Shown(page)), ("action", action))));

        (answer.HasCode, (int)answer.Status < 500).ShouldBe((false, true));
    }

    private async Task<PageVisitor> AliceAsync()
    {
        var visitor = NewVisitor();
        await SignInAsync(visitor, await visitor.BeginAsync());
        return visitor;
    }

    private async Task<PageAnswer> SignInAsync(PageVisitor visitor, PageAnswer page)
    {
        var answer = await visitor.SubmitAsync(await visitor.SubmitAsync(page, ("identifier", AlicePhone)), ("password", Password));
        answer.HasCode.ShouldBeTrue(answer.Text);
        return answer;
    }

    private async Task<(PageAnswer Answer, string Address)> SignInAnotherAsync(PageVisitor visitor)
    {
        var address = Pages.NewAddress();
        var logIn = await visitor.BeginAsync(("prompt", "login"));
        var typed = await visitor.SubmitAsync(await visitor.OpenAsync(logIn.Url.Replace("/log-in", "/create-account")), ("identifier", address));
        return (await visitor.SubmitAsync(await visitor.SubmitAsync(typed, ("action", "without")), ("code", await Pages.CodeAsync(address))), address);
    }

    private static string Shown(PageAnswer page) => page.Html.QuerySelector("main form input[name='shown']").ShouldNotBeNull(page.Text).GetAttribute("value")!;

    private async Task<System.Text.Json.JsonElement> IdTokenAsync(PageAnswer answer)
    {
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(answer.Location!).Query)["code"]!;
        return DatabaseLooks.PayloadOf((await Provider.RedeemAsync("storefront", code))["id_token"]!);
    }

    private async Task<long> AuthTimeAsync(PageAnswer answer) => (await IdTokenAsync(answer)).GetProperty("auth_time").GetInt64();

    private async Task<string?> SubjectAsync(PageAnswer answer) => (await IdTokenAsync(answer)).GetProperty("sub").GetString();

    private async Task<string> IdOfAsync(string address)
    {
        await using var command = Provider.Sql.CreateCommand("select id from people where normalized_email = $1");
        command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = address });
        return ((Guid)(await command.ExecuteScalarAsync())!).ToString("D");
    }
}
