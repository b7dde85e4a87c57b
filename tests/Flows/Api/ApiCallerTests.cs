using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary>Who may call <c>me</c>, <c>session</c>, <c>logout</c> and <c>users/me/password</c>: by which tokens, and by which cookies from where.</summary>
public sealed class ApiCallerTests(PagedProvider pages) : ApiTest(pages)
{
    public static TheoryData<string, string> Calls => new() { { "GET", "/api/auth/me" }, { "POST", "/api/auth/session" }, { "POST", "/api/auth/logout" }, { "POST", "/api/users/me/password" } };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Refuses_every_wrong_kind_of_token(string method, string path)
    {
        var alice = await SignedIn.AsAsync(Provider, Alice);
        var storefront = await Provider.RedeemAsync("storefront", await alice.AuthorizeAsync("storefront", "openid members"));
        var machine = await Provider.TokenAsync("machine", ("grant_type", "client_credentials"));
        var admin = await Provider.TokenAsync("admin-cli", ("grant_type", "client_credentials"));
        var own = await SignUpAsync(NewProgram());
        var day = await new ApiVisitor(Provider, null) { Bearer = own.Answer.Token }.PostTextAsync("/api/auth/session", "");
        DatabaseLooks.PayloadOf(admin.AccessToken).GetProperty("aud").GetString().ShouldBe("identity");

        string[] tokens = [storefront.AccessToken, storefront["id_token"]!, machine.AccessToken, admin.AccessToken, day.Token, own.Answer.RefreshToken, own.Answer.Token[..^2] + "AA", "nonsense"];
        foreach (var token in tokens)
        {
            var reply = await CallAsync(new ApiVisitor(Provider, null) { Bearer = token }, method, path);
            reply.ShouldBe(401, "AUTH_UNAUTHENTICATED");
            reply.Header("WWW-Authenticate").ShouldNotBeNull().ShouldStartWith("Bearer realm=\"identity\"");
        }
    }

    [Fact]
    public async Task Refuses_a_token_its_client_gave_back()
    {
        var (_, answer) = await SignUpAsync(NewProgram());
        var visitor = new ApiVisitor(Provider, null) { Bearer = answer.Token };
        (await visitor.MeAsync()).Status.ShouldBe(HttpStatusCode.OK);

        (await Provider.PostAsync("/connect/revocation", null, ("client_id", "first-party"), ("token", answer.Token))).Status.ShouldBe(HttpStatusCode.OK);

        (await visitor.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Refuses_who_shows_nothing(string method, string path) =>
        (await CallAsync(NewProgram(), method, path)).ShouldBe(401, "AUTH_UNAUTHENTICATED").Header("WWW-Authenticate").ShouldBe("Bearer realm=\"identity\"");

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Takes_cookies_from_first_party_front_ends_only(string method, string path)
    {
        var browser = NewBrowser();
        await SignUpAsync(browser);
        browser.Cookies.ContainsKey("identity.session").ShouldBeTrue();

        foreach (var origin in new[] { null, "http://evil.example", "null", FrontEnd + "/", FrontEnd.ToUpperInvariant(), Provider.Issuer + ".evil.example" })
        {
            browser.Origin = origin;
            (await CallAsync(browser, method, path)).ShouldBe(401, "AUTH_UNAUTHENTICATED");
        }

        browser.Origin = Provider.Issuer;
        (await browser.MeAsync()).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lets_scripts_of_first_party_front_ends_read_answers_and_nobody_else()
    {
        var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/auth/login");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        var allowed = await NewBrowser().SendAsync(preflight);
        ((int)allowed.Status, allowed.Header("Access-Control-Allow-Origin"), allowed.Header("Access-Control-Allow-Credentials")).ShouldBe((204, FrontEnd, "true"));

        var refusal = await NewBrowser().PostAsync("/api/auth/login", new { });
        (refusal.Header("Access-Control-Allow-Origin"), refusal.Header("Vary")).ShouldBe((FrontEnd, "Origin"));
        refusal.Header("Access-Control-Expose-Headers").ShouldNotBeNull().ShouldContain("X-Request-Id");

        var stranger = await new ApiVisitor(Provider, "http://evil.example").PostAsync("/api/auth/login", new { });
        stranger.Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task A_sign_in_in_a_browser_signs_redirects_in_too_and_logout_ends_all_of_it()
    {
        var browser = NewBrowser();
        var (_, answer) = await SignUpAsync(browser);
        DatabaseLooks.PayloadOf(answer.Token).GetProperty("sid").GetString().ShouldBe(await SessionOfAsync(answer));

        var redirect = await AuthorizeAsync(browser);
        redirect.ShouldContain("code=ac_");

        (await browser.PostTextAsync("/api/auth/logout", "")).Status.ShouldBe(HttpStatusCode.NoContent);
        browser.Cookies.ContainsKey("identity.session").ShouldBeFalse();
        (await AuthorizeAsync(browser)).ShouldContain("/log-in");
        (await NewProgram().PostAsync("/api/auth/refresh", new { refreshToken = answer.RefreshToken })).ShouldBe(401, "AUTH_REFRESH_INVALID");
        (await new ApiVisitor(Provider, null) { Bearer = answer.Token }.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_program_gets_no_cookie()
    {
        var program = NewProgram();

        await SignUpAsync(program);

        program.Cookies.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_person_in_the_same_browser_ends_the_session_before()
    {
        var browser = NewBrowser();
        var (_, first) = await SignUpAsync(browser);
        await SignUpAsync(browser);

        (await new ApiVisitor(Provider, null) { Bearer = first.Token }.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
    }

    [Fact]
    public async Task Gives_a_token_for_the_members_api_that_ends_with_the_session_at_the_latest()
    {
        var browser = NewBrowser();
        var (_, answer) = await SignUpAsync(browser);
        browser.Bearer = answer.Token;

        var byToken = await browser.PostTextAsync("/api/auth/session", "");
        browser.Bearer = null;
        var byCookie = await browser.PostTextAsync("/api/auth/session", "");

        foreach (var reply in new[] { byToken, byCookie })
        {
            reply["expiresIn"].ShouldBe("86400");
            var token = DatabaseLooks.PayloadOf(reply.Token);
            (token.GetProperty("aud").GetString(), token.GetProperty("scope").GetString()).ShouldBe(("members", "members"));
            token.GetProperty("sid").GetString().ShouldBe(DatabaseLooks.PayloadOf(answer.Token).GetProperty("sid").GetString());
            (token.GetProperty("exp").GetInt64() - token.GetProperty("iat").GetInt64()).ShouldBe(86_400);
        }

        DatabaseLooks.PayloadOf(byToken.Token).GetProperty("gid").GetString().ShouldBe(DatabaseLooks.PayloadOf(byCookie.Token).GetProperty("gid").GetString());

        // A page's session lives twelve hours at most.
        var alice = await SignedIn.AsAsync(Provider, Alice);
        var page = NewBrowser();
        page.Cookies["identity.session"] = alice.Cookie.Split('=')[1];
        (await page.PostTextAsync("/api/auth/session", ""))["expiresIn"].ShouldBe("43200");
    }

    [Fact]
    public async Task Takes_a_well_formed_request_id_and_gives_it_back()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        request.Headers.Add("X-Request-Id", "front-end-1");

        (await NewProgram().SendAsync(request)).ShouldBe(401, "AUTH_UNAUTHENTICATED")["requestId"].ShouldBe("front-end-1");
    }

    private static Task<ApiReply> CallAsync(ApiVisitor visitor, string method, string path) => method == "GET" ? visitor.GetAsync(path) : visitor.PostAsync(path, new { newPassword = "Another-walk-8" });

    private async Task<string> AuthorizeAsync(ApiVisitor browser)
    {
        var reply = await browser.GetAsync("/connect/authorize?" + PageVisitor.Request(Provider));
        return reply.Header("Location")!;
    }

    private async Task<string> SessionOfAsync(ApiReply answer)
    {
        await using var command = Provider.Sql.CreateCommand("select id from sessions where person_id = $1 and surface = 'json' and remembered and client_id = 'first-party'");
        command.Parameters.Add(new Npgsql.NpgsqlParameter<Guid> { TypedValue = answer.Body.GetProperty("user").GetProperty("id").GetGuid() });
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
