using Microsoft.AspNetCore.Http;

namespace Oidc.Tests;

/// <summary>OpenID Connect Core §5.3 and RFC 6750: who the person is, told to who may know.</summary>
public sealed class UserInfoEndpointTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    // Core §5.4.
    [Theory]
    [InlineData("openid", "")]
    [InlineData("openid email", "email email_verified")]
    [InlineData("email openid", "email email_verified")]
    [InlineData("openid phone", "phone_number phone_number_verified")]
    [InlineData("openid address", "address")]
    [InlineData("openid profile", Profile)]
    [InlineData("openid members", "role")]
    [InlineData("openid leads.read", "")]
    [InlineData("openid profile email phone address members", Profile + " email email_verified phone_number phone_number_verified address role")]
    public async Task Tells_the_claims_of_the_granted_scopes(string scope, string claims)
    {
        var answer = await _provider.UserInfoAsync(await _provider.SignInAsync(scope));

        answer.Status.ShouldBe(200);
        answer.Json.EnumerateObject().Select(claim => claim.Name).Order().ShouldBe($"sub {claims}".Split(' ', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Tells_each_claim_in_its_own_type()
    {
        var json = (await _provider.UserInfoAsync(await _provider.SignInAsync("openid profile email phone address members"))).Json;

        json.GetProperty("sub").GetString().ShouldBe(TestPeople.Alice.Subject);
        json.GetProperty("name").GetString().ShouldBe("Alice 爱丽丝");
        json.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        json.GetProperty("phone_number_verified").GetBoolean().ShouldBeTrue();
        json.GetProperty("updated_at").GetInt64().ShouldBe(TestPeople.Alice.UpdatedAt!.Value.ToUnixTimeSeconds());
        json.GetProperty("address").GetProperty("country").GetString().ShouldBe("CN");
        json.GetProperty("role").GetString().ShouldBe("teacher");
    }

    [Fact]
    public async Task Tells_several_roles_as_an_array()
    {
        _provider.Store.Put(TestPeople.Alice with { Roles = ["principal", "teacher"] });

        (await _provider.UserInfoAsync(await _provider.SignInAsync("openid members"))).Json.GetProperty("role").ToString().ShouldBe("""["principal","teacher"]""");
    }

    // Core §5.3.2: what is not there is left out, not null and not empty.
    [Theory]
    [InlineData(null)]
    [InlineData("""{"nickname":"","locale":null,"address":{},"gender":""}""")]
    [InlineData("""{"sub":"forged","email":"forged@example.com","email_verified":true,"role":"admin","name":"forged"}""")]
    [InlineData("[]")]
    public async Task Leaves_out_what_the_person_does_not_have(string? others)
    {
        _provider.Store.Put(TestPeople.Bob with
        {
            Name = "",
            OtherClaims = others is null ? null : System.Text.Json.JsonElement.Parse(others),
        });
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, _provider.Time.Now);

        var answer = await _provider.UserInfoAsync(await _provider.SignInAsync("openid profile email phone address members"));

        answer.Json.EnumerateObject().Select(claim => claim.Name).ShouldBe(["sub"]);
        answer.Text("sub").ShouldBe(TestPeople.Bob.Subject);
    }

    [Fact]
    public async Task Tells_the_person_as_they_are_now()
    {
        var tokens = await _provider.SignInAsync("openid email");
        _provider.Store.Put(TestPeople.Alice with { Email = "new@example.com", EmailVerified = false });

        var json = (await _provider.UserInfoAsync(tokens)).Json;

        (json.GetProperty("email").GetString(), json.GetProperty("email_verified").GetBoolean()).ShouldBe(("new@example.com", false));
    }

    [Fact]
    public async Task Answers_in_one_round_trip_and_is_not_cached()
    {
        var tokens = await _provider.SignInAsync();
        var before = _provider.Store.RoundTrips;

        var answer = await _provider.UserInfoAsync(tokens);

        (_provider.Store.RoundTrips - before).ShouldBe(1);
        answer.Headers.ContentType.ToString().ShouldBe("application/json");
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
    }

    // Core §5.3.1 and RFC 6750 §2.1 and §2.2.
    [Fact]
    public async Task Takes_the_token_by_GET_by_POST_and_in_the_body()
    {
        var tokens = await _provider.SignInAsync();
        var body = Form.Of(("access_token", tokens.AccessToken.Text));

        (await _provider.UserInfoAsync(tokens)).Status.ShouldBe(200);
        (await _provider.SendAsync("POST", Endpoints.UserInfo, request => request.Headers.Authorization = tokens.Bearer)).Status.ShouldBe(200);
        (await _provider.PostAsync(Endpoints.UserInfo, Form.Of(), tokens.Bearer)).Status.ShouldBe(200);
        (await _provider.PostAsync(Endpoints.UserInfo, body)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("bearer ")]
    [InlineData("BEARER ")]
    [InlineData("Bearer   ")]
    public async Task The_scheme_has_no_case(string scheme)
    {
        var tokens = await _provider.SignInAsync();

        (await _provider.GetAsync(Endpoints.UserInfo, authorization: scheme + tokens.AccessToken.Text)).Status.ShouldBe(200);
    }

    // RFC 6750 §3.1: whoever brings nothing is told how, and no more.
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Basic d2ViOnNlY3JldA==")]
    [InlineData("BearerX")]
    public async Task Challenges_a_request_without_a_token(string? header)
    {
        var answer = await _provider.GetAsync(Endpoints.UserInfo, authorization: header);

        answer.Status.ShouldBe(401);
        answer.Headers.WWWAuthenticate.ToString().ShouldBe("Bearer realm=\"userinfo\"");
        answer.Body.ShouldBeEmpty();
    }

    // RFC 9700 §4.3.2: an address ends up in logs.
    [Fact]
    public async Task Takes_no_token_from_the_address()
    {
        var tokens = await _provider.SignInAsync();

        (await _provider.GetAsync(Endpoints.UserInfo, Form.Of(("access_token", tokens.AccessToken.Text)))).Status.ShouldBe(401);
        (await _provider.SendAsync("POST", Endpoints.UserInfo, request => request.QueryString = new QueryString("?access_token=" + tokens.AccessToken.Text))).Status.ShouldBe(401);
    }

    // RFC 6750 §2: one transport a request.
    [Fact]
    public async Task Refuses_a_token_that_is_sent_twice()
    {
        var tokens = await _provider.SignInAsync();
        var body = Form.Of(("access_token", tokens.AccessToken.Text));

        ShouldChallenge(await _provider.PostAsync(Endpoints.UserInfo, body, tokens.Bearer), "invalid_request", 400);
        ShouldChallenge(await _provider.PostAsync(Endpoints.UserInfo, body.And("access_token", "x")), "invalid_request", 400);
        ShouldChallenge(await _provider.SendAsync("GET", Endpoints.UserInfo, request => request.Headers.Authorization = new([tokens.Bearer, tokens.Bearer])), "invalid_request", 400);
    }

    [Fact]
    public async Task Refuses_a_body_it_cannot_read()
    {
        var json = await _provider.SendAsync("POST", Endpoints.UserInfo, request => TestProvider.WriteForm(request, "{}", "application/json"));
        ShouldChallenge(json, "invalid_request", 400);
        ShouldChallenge(await _provider.PostAsync(Endpoints.UserInfo, Form.Of().AndRaw("access_token=%FF")), "invalid_request", 400);
        ShouldChallenge(await _provider.PostAsync(Endpoints.UserInfo, Form.Of(("access_token", new string('x', 16_385)))), "invalid_request", 400);
        ShouldChallenge(await _provider.PostAsync(Endpoints.UserInfo, Form.Of(("x", new string('x', 65_536)))), "invalid_request", 413);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("\"")]
    [InlineData("<script>")]
    public async Task Refuses_what_is_no_access_token(string token)
    {
        var before = _provider.Store.RoundTrips;

        ShouldChallenge(await _provider.GetAsync(Endpoints.UserInfo, authorization: "Bearer " + token), "invalid_token", 401);

        _provider.Store.RoundTrips.ShouldBe(before);
    }

    [Fact]
    public async Task Refuses_an_ID_token_a_refresh_token_and_a_token_of_a_client_alone()
    {
        var tokens = await _provider.SignInAsync();
        var machine = await _provider.TokensAsync(Flow.ClientCredentials, Flow.MachineCredentials);

        foreach (var other in new[] { tokens.IdToken.Text, tokens.RefreshToken, machine.AccessToken.Text })
        {
            ShouldChallenge(await _provider.GetAsync(Endpoints.UserInfo, authorization: "Bearer " + other), "invalid_token", 401);
        }
    }

    [Fact]
    public async Task Refuses_an_expired_token()
    {
        var tokens = await _provider.SignInAsync();
        _provider.Time.Advance(TimeSpan.FromMinutes(10));

        ShouldChallenge(await _provider.UserInfoAsync(tokens), "invalid_token", 401);
    }

    // Core §5.3.
    [Fact]
    public async Task Refuses_a_token_without_the_scope_openid()
    {
        var answer = await _provider.UserInfoAsync(await _provider.SignInAsync("members profile email"));

        ShouldChallenge(answer, "insufficient_scope", 403);
        answer.Headers.WWWAuthenticate.ToString().ShouldEndWith(", scope=\"openid\"");
    }

    [Fact]
    public async Task Refuses_as_soon_as_the_session_was_ended()
    {
        var tokens = await _provider.SignInAsync();
        await _provider.Store.EndAsync("session-1", _provider.Time.Now, CancellationToken.None);

        ShouldChallenge(await _provider.UserInfoAsync(tokens), "invalid_token", 401);
    }

    [Fact]
    public async Task Refuses_as_soon_as_the_grant_was_revoked()
    {
        var tokens = await _provider.SignInAsync();
        await _provider.Store.RevokeForCodeReuseAsync(_provider.Store.TheGrant, _provider.Time.Now, CancellationToken.None);

        ShouldChallenge(await _provider.UserInfoAsync(tokens), "invalid_token", 401);
    }

    [Fact]
    public async Task Refuses_as_soon_as_the_person_was_disabled()
    {
        var tokens = await _provider.SignInAsync();
        _provider.Store.Put(TestPeople.Alice with { Enabled = false });

        ShouldChallenge(await _provider.UserInfoAsync(tokens), "invalid_token", 401);
    }

    [Fact]
    public async Task Refuses_as_soon_as_the_client_was_disabled()
    {
        var tokens = await _provider.SignInAsync();
        _provider.Configuration.Put(TestConfiguration.Spa with { Enabled = false });

        ShouldChallenge(await _provider.UserInfoAsync(tokens), "invalid_token", 401);
    }

    [Fact]
    public async Task Asks_to_come_back_while_the_store_is_away()
    {
        var tokens = await _provider.SignInAsync();
        _provider.Store.IsAway = true;

        var answer = await _provider.UserInfoAsync(tokens);

        answer.ShouldRefuse("temporarily_unavailable", 503);
        answer.Headers.RetryAfter.ToString().ShouldBe("5");
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Serves_GET_and_POST_only(string method)
    {
        var answer = await _provider.SendAsync(method, Endpoints.UserInfo);

        answer.ShouldRefuse("invalid_request", 405);
        answer.Headers.Allow.ToString().ShouldBe("GET, POST");
    }

    private const string Profile =
        "name given_name family_name middle_name nickname preferred_username profile picture website gender birthdate zoneinfo locale updated_at";

    private static void ShouldChallenge(Answer answer, string error, int status)
    {
        answer.ShouldRefuse(error, status);
        answer.Headers.WWWAuthenticate.ToString().ShouldStartWith($"Bearer realm=\"userinfo\", error=\"{error}\", error_description=\"");
    }
}
