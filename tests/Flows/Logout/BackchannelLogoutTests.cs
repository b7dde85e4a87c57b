using System.Net;
using System.Text;
using Harness;
using IdentityProvider;
using Jose;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ProviderHarness;
using Page = ProviderHarness.Page;
using Proof = ProviderHarness.Proof;

namespace Flows;

/// <summary>
/// Back-Channel Logout 1.0: who is told, of what, and what becomes of an answer. The first two are the modules of the OpenID Foundation's plan
/// <c>oidcc-backchannel-rp-initiated-logout-certification-test-plan</c>.
/// </summary>
public sealed class BackchannelLogoutTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>, IAsyncLifetime
{
    private const string Scope = "openid offline_access members";

    private LogoutReceiver _web = null!;

    private Provider Provider => fixture.Provider;

    private SessionEnding Ending => Provider.Services.GetRequiredService<SessionEnding>();

    public async Task InitializeAsync()
    {
        // Sessions that other tests left behind, so that "everywhere" is this test's business alone.
        await Provider.ExecuteAsync("update sessions set ended_at = $1 where ended_at is null", Provider.Time.Now);
        _web = await LogoutReceiver.StartAsync(Provider);
    }

    public async Task DisposeAsync() => await _web.DisposeAsync();

    [Fact]
    public async Task Oidcc_backchannel_rp_initiated_logout_discovery_endpoint_verification()
    {
        var discovery = System.Text.Json.JsonElement.Parse((await Provider.Client.GetPageAsync("/.well-known/openid-configuration")).Body);

        discovery.GetProperty("backchannel_logout_supported").GetBoolean().ShouldBeTrue();
        discovery.GetProperty("backchannel_logout_session_supported").GetBoolean().ShouldBeTrue();
        discovery.GetProperty("end_session_endpoint").GetString().ShouldBe(Provider.Issuer + "/connect/endsession");
    }

    [Fact]
    public async Task Oidcc_backchannel_rp_initiated_logout()
    {
        var (person, tokens) = await SignInAsync();
        var idToken = DatabaseLooks.PayloadOf(tokens["id_token"]!);

        await LogOutAsync(tokens);

        var received = (await _web.WaitAsync(1)).ShouldHaveSingleItem();
        (received.ContentType, received.Fields).ShouldSatisfyAllConditions(
            came => came.ContentType.ShouldStartWith("application/x-www-form-urlencoded"), came => came.Fields.ShouldBe(["logout_token"]));
        received.Header.GetProperty("typ").GetString().ShouldBe("logout+jwt");
        received.Header.GetProperty("alg").GetString().ShouldBe("RS256");
        JwkSet.TryParse(Encoding.UTF8.GetBytes((await Provider.Client.GetPageAsync("/.well-known/openid-configuration/jwks")).Body), out var keys, out _).ShouldBeTrue();
        var reading = Jwt.Read(received.Token, new JwtExpectations
        {
            Type = "logout+jwt",
            Issuer = Provider.Issuer,
            Audience = "web",
            Algorithms = ["RS256"],
            Skew = TimeSpan.Zero,
            RequiredClaims = ["iss", "aud", "iat", "exp", "jti", "events", "sub", "sid"],
        }, keys!, Provider.Time.Now);
        reading.Accepted.ShouldBeTrue($"{reading.Refusal}");
        var claims = received.Claims;
        claims.GetProperty("sub").GetString().ShouldBe(person.PersonId.ToString("D"));
        claims.GetProperty("sid").GetString().ShouldBe(idToken.GetProperty("sid").GetString());
        claims.GetProperty("events").GetRawText().ShouldBe("""{"http://schemas.openid.net/event/backchannel-logout":{}}""");
        (claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64()).ShouldBeLessThanOrEqualTo(120);
        claims.GetProperty("jti").GetString()!.Length.ShouldBeGreaterThanOrEqualTo(32);
        claims.TryGetProperty("nonce", out _).ShouldBeFalse();
        await ShouldBeSettledAsync(person);
    }

    // A logout token is no other kind of token.
    [Fact]
    public async Task A_logout_token_is_neither_a_hint_nor_an_access_token()
    {
        var (_, tokens) = await SignInAsync();
        await LogOutAsync(tokens);
        var token = (await _web.WaitAsync(1))[0].Token;
        var bystander = await SignedIn.AsAsync(Provider, "bob@example.com");

        (await Provider.UserInfoAsync(token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var answer = await Provider.Client.GetPageAsync("/connect/endsession", Form.Of(("id_token_hint", token)), bystander.Cookie);

        answer.Body.ShouldContain("action=\"/log-out\"");
    }

    public static TheoryData<string> Endings =>
    [
        "the application's sign-out", "the sign-out page", "another person in the same browser", "from another device", "everywhere else", "a changed password", "a reset password",
        "the account was disabled", "an administrator", "a refresh token used twice", "a code used twice",
    ];

    // Each ending × each path: the client is told, and nothing that was made in the session works any more.
    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Every_ending_is_told_and_takes_everything_along(string ending)
    {
        var (person, tokens) = await SignInAsync();
        var code = await person.AuthorizeAsync("web", Scope, verifier: null);

        await EndAsync(ending, person, tokens);

        (await _web.WaitAsync(1)).ShouldHaveSingleItem().SessionId.ShouldBe(person.SessionId);
        (await Provider.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Provider.RefreshAsync("web", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        if (ending is "a refresh token used twice" or "a code used twice")
        {
            // Whoever stole a token has no browser session, and its person need not sign in again.
            (await Provider.CountAsync("select count(*) from sessions where id = $1 and ended_at is null", person.SessionId)).ShouldBe(1);
            return;
        }

        (await Provider.RedeemAsync("web", code, verifier: null)).Error.ShouldBe("invalid_grant");
        (await Provider.Client.GetPageAsync("/account", null, person.Cookie)).Location.ShouldBe("/log-in");
        (await Provider.CountAsync("select count(*) from audit where event = 'session.ended' and details ->> 'session' = $1", person.SessionId)).ShouldBe(1);
    }

    [Fact]
    public async Task A_session_that_expires_tells_nobody_and_leaves_refresh_tokens_alone()
    {
        var (person, tokens) = await SignInAsync();
        Provider.Time.Advance(TimeSpan.FromHours(13));

        (await Provider.Client.GetPageAsync("/account", null, person.Cookie)).Location.ShouldBe("/log-in");

        (await Provider.RefreshAsync("web", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
        (await NoticesAsync(person)).ShouldBe(0);
    }

    [Fact]
    public async Task A_client_that_took_part_in_no_session_is_not_told_of_it()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", Scope));

        (await Ending.EndAsync(person.SessionId, Provider.Time.Now, CancellationToken.None)).Select(party => party.ClientId).ShouldBe(["storefront"]);

        (await NoticesAsync(person)).ShouldBe(0);
    }

    // A client without refresh tokens holds nothing for long here, and has a session of its own all the same.
    [Fact]
    public async Task A_client_whose_tokens_expired_long_ago_is_told_while_the_session_lives()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid", verifier: null), verifier: null);
        Provider.Time.Advance(TimeSpan.FromHours(11));
        await Provider.ExecuteAsync("delete from grants where expires_at < $1", Provider.Time.Now);

        await LogOutAsync(tokens);

        (await _web.WaitAsync(1)).ShouldHaveSingleItem().SessionId.ShouldBe(person.SessionId);
    }

    [Fact]
    public async Task No_content_is_an_answer_too()
    {
        _web.Answer = AnswerWith(204);

        var person = await EndSomeAsync();

        await ShouldBeSettledAsync(person);
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again_and_goes_on_record()
    {
        _web.Answer = AnswerWith(400);

        var person = await EndSomeAsync();

        await ShouldHaveGivenUpAsync(person, tries: 1, "400");
        _web.Received.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task Everything_else_is_tried_three_times_within_a_minute_and_goes_on_record(int status)
    {
        _web.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            return Task.CompletedTask;
        };

        var person = await EndSomeAsync();
        for (var tries = 2; tries <= 3; tries++)
        {
            await DueAsync(person);
            Provider.Time.Advance(TimeSpan.FromSeconds(25));
            await _web.WaitAsync(tries);
        }

        await ShouldHaveGivenUpAsync(person, tries: 3, $"{status}");
        _web.Received.Count.ShouldBe(3);
        _web.Received.Select(received => received.Claims.GetProperty("jti").GetString()).Distinct().Count().ShouldBe(3);
        _web.WentElsewhere.ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_that_is_down_is_told_once_it_is_back()
    {
        await _web.DisposeAsync();
        var (person, tokens) = await SignInAsync();
        await LogOutAsync(tokens);
        await DueAsync(person);

        _web = await LogoutReceiver.StartAsync(Provider);
        Provider.Time.Advance(TimeSpan.FromSeconds(5));

        (await _web.WaitAsync(1))[0].SessionId.ShouldBe(person.SessionId);
        await ShouldBeSettledAsync(person);
    }

    [Fact]
    public async Task A_slow_client_keeps_nobody_waiting()
    {
        var release = new TaskCompletionSource();
        _web.Answer = _ => release.Task;
        var (_, slow) = await SignInAsync();
        await LogOutAsync(slow);
        await _web.WaitAsync(1);
        _web.Answer = _ => Task.CompletedTask;

        var person = await EndSomeAsync(alreadyReceived: 1);

        await ShouldBeSettledAsync(person);
        release.SetResult();
    }

    [Theory]
    [InlineData("https://10.0.0.1/backchannel-logout")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/backchannel-logout")]
    [Trait("Advisory", "CVE-2026-4874")]
    public async Task An_address_that_leads_inside_is_never_asked(string address)
    {
        var (person, _) = await SignInAsync("agents");
        await Provider.ExecuteAsync("update clients set backchannel_logout_uri = $1 where id = 'agents'", address);
        await Provider.Services.GetRequiredService<ConfigurationSnapshot>().ReloadAsync(CancellationToken.None);

        await Ending.EndAllAsync(person.PersonId, null, EndReason.RevokedByAdministrator, Provider.Time.Now, CancellationToken.None);

        await DueAsync(person);
        (await Provider.CountAsync("select count(*) from logout_notices where session_id = $1 and failure like '%no public address%'", person.SessionId)).ShouldBe(1);
    }

    [Fact]
    public async Task Two_nodes_tell_once()
    {
        await using var second = await Provider.StartSecondNodeAsync();
        var people = new List<SignedIn>();
        for (var i = 0; i < 12; i++)
        {
            people.Add((await SignInAsync()).Person);
        }

        await Task.WhenAll(people.SelectMany(person => new[] { Provider, second }.Select(node =>
            node.Services.GetRequiredService<SessionEnding>().EndAsync(person.SessionId, node.Time.Now, CancellationToken.None))));

        var received = await _web.WaitAsync(people.Count);
        foreach (var person in people)
        {
            await ShouldBeSettledAsync(person);
        }

        _web.Received.Select(logout => logout.SessionId).Order().ShouldBe(people.Select(person => person.SessionId).Order());
        received.Count.ShouldBe(people.Count);
    }

    private async Task EndAsync(string ending, SignedIn person, TokenAnswer tokens)
    {
        var now = Provider.Time.Now;
        switch (ending)
        {
            case "the application's sign-out":
                await LogOutAsync(tokens);
                break;
            case "the sign-out page":
                var question = await Provider.Client.GetPageAsync("/log-out", null, person.Cookie);
                await Provider.Client.SubmitAsync(question, "/log-out", Form.Of(), person.Cookie);
                break;
            case "another person in the same browser":
                var bob = await SignedIn.AsAsync(Provider, "bob@example.com");
                await Provider.Services.GetRequiredService<SessionStore>().StartAsync(
                    new NewSession(Oidc.Handle.Hash("se_new" + person.SessionId), bob.PersonId, "page", Oidc.Acr.OneFactor, ["pwd"]) { Previous = Oidc.Handle.Hash(person.Cookie.Split('=')[1]) },
                    now, CancellationToken.None);
                break;
            case "from another device":
                await UseAccountAsync(person, Form.Of(("action", "end"), ("session", person.SessionId)));
                break;
            case "everywhere else":
                await UseAccountAsync(person, Form.Of(("action", "end-others")));
                break;
            case "a refresh token used twice":
                var rotated = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", Scope));
                await Provider.RefreshAsync("storefront", rotated.RefreshToken);
                Provider.Time.Advance(TimeSpan.FromMinutes(1));
                (await Provider.RefreshAsync("storefront", rotated.RefreshToken)).Error.ShouldBe("invalid_grant");
                break;
            case "a code used twice":
                (await Provider.RedeemAsync("web", _lastCode, verifier: null)).Error.ShouldBe("invalid_grant");
                break;
            default:
                var reason = ending switch
                {
                    "a changed password" => EndReason.PasswordChanged,
                    "a reset password" => EndReason.PasswordReset,
                    "the account was disabled" => EndReason.Disabled,
                    _ => EndReason.RevokedByAdministrator,
                };
                (await Ending.EndAllAsync(person.PersonId, null, reason, now, CancellationToken.None)).ShouldBeGreaterThan(0);
                break;
        }
    }

    private async Task UseAccountAsync(SignedIn ended, Form form)
    {
        var other = await SignedIn.AsAsync(Provider, "alice@example.com");
        other.PersonId.ShouldBe(ended.PersonId);
        var page = await Provider.Client.GetPageAsync("/account", null, other.Cookie);
        (await Provider.Client.SubmitAsync(page, "/account", form, other.Cookie)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    private string _lastCode = "";

    private async Task<(SignedIn Person, TokenAnswer Tokens)> SignInAsync(string clientId = "web")
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var verifier = clientId == "web" ? null : Proof.Verifier;
        _lastCode = await person.AuthorizeAsync(clientId, clientId == "web" ? Scope : "openid", verifier);
        return (person, await Provider.RedeemAsync(clientId, _lastCode, verifier));
    }

    private Task<Page> LogOutAsync(TokenAnswer tokens) => Provider.Client.GetPageAsync("/connect/endsession", Form.Of(("id_token_hint", tokens["id_token"]!)));

    private async Task<SignedIn> EndSomeAsync(int alreadyReceived = 0)
    {
        var (person, tokens) = await SignInAsync();
        await LogOutAsync(tokens);
        await _web.WaitAsync(alreadyReceived + 1);
        return person;
    }

    private Task<long> NoticesAsync(SignedIn person) => Provider.CountAsync("select count(*) from logout_notices where session_id = $1", person.SessionId);

    // The answer is in, and the next try waits.
    private Task DueAsync(SignedIn person) =>
        UntilAsync(async () => await Provider.CountAsync("select count(*) from logout_notices where session_id = $1 and holder is null and failure is not null", person.SessionId) == 1);

    private Task ShouldBeSettledAsync(SignedIn person) => UntilAsync(async () => await NoticesAsync(person) == 0);

    private async Task ShouldHaveGivenUpAsync(SignedIn person, int tries, string failure)
    {
        await ShouldBeSettledAsync(person);
        (await Provider.CountAsync(
            "select count(*) from audit where event = 'logout.undelivered' and client_id = 'web' and details = jsonb_build_object('session', $1::text, 'tries', $2::int, 'failure', $3::text)",
            person.SessionId, tries, failure)).ShouldBe(1);
    }

    private static Func<HttpContext, Task> AnswerWith(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException("It did not come about.");
    }
}
