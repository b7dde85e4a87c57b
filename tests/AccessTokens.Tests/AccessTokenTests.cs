using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jose;

namespace AccessTokens.Tests;

/// <summary>One good token, and one thing wrong at a time (RFC 9068 §4, RFC 6750 §3.1).</summary>
public sealed class AccessTokenTests : IAsyncLifetime
{
    private ResourceApi _api = null!;

    public async Task InitializeAsync() => _api = await ResourceApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Lets_in_a_good_token_and_tells_whom_it_speaks_for()
    {
        var response = await _api.CallAsync(_api.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync())
            .ShouldBe("""{"subject":"alice","clientId":"storefront","roles":["teacher","principal"],"isTeacher":true}""");
    }

    public static TheoryData<string, string?> WrongClaims => new()
    {
        { "iss", "\"https://attacker.example\"" },
        { "iss", null },
        { "aud", "\"smart-cs\"" },
        { "aud", "[\"identity\"]" },
        { "aud", "\"https://issuer.example\"" },
        { "aud", null },
        { "exp", null },
        { "exp", "\"soon\"" },
        { "iat", null },
        { "iat", "4102444800" },
        { "sub", null },
        { "client_id", null },
        { "client_id", "7" },
        { "jti", null },
        { "scope", "[\"members\"]" },
        { "cnf", "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}" }, // RFC 9449 §7.1
    };

    [Theory]
    [MemberData(nameof(WrongClaims))]
    public async Task Refuses_a_token_with_one_claim_that_is_not_right(string name, string? value) =>
        await RefusesAsync(_api.Token with { Change = (name, value is null ? null : JsonNode.Parse(value)) });

    [Theory]
    [InlineData("JWT")] // an ID token
    [InlineData("logout+jwt")]
    public async Task Refuses_a_token_of_another_type(string type) => await RefusesAsync(_api.Token with { Type = type });

    [Fact]
    public async Task Refuses_a_token_signed_by_somebody_else()
    {
        using var other = SigningKey.Create(Algorithms.ES256);
        using var sameName = SigningKey.Import(other.ExportPkcs8(), Algorithms.ES256, FakeIssuer.Key.KeyId);

        await RefusesAsync(_api.Token with { Key = other });
        await RefusesAsync(_api.Token with { Key = sameName });
    }

    [Fact]
    public async Task Refuses_an_algorithm_that_is_switched_off()
    {
        await using var api = await ResourceApi.StartAsync(configure: options => options.Algorithms = [Algorithms.RS256]);

        (await api.CallAsync(api.Token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("rt_0123456789")]
    public async Task Refuses_what_is_no_token_at_all(string token)
    {
        var response = await _api.GetAsync($"Bearer {token}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Challenge(response).ShouldContain("error=\"invalid_token\"");
    }

    [Fact]
    public async Task Says_when_a_token_has_expired()
    {
        var token = _api.Token;
        _api.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(30));

        var response = await _api.CallAsync(token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Challenge(response).ShouldBe(
            "Bearer realm=\"members\", error=\"invalid_token\", error_description=\"The access token expired.\", scope=\"members\"");
    }

    // RFC 6750 §3.1, insufficient_scope.
    [Theory]
    [InlineData("openid")]
    [InlineData("members.read")]
    [InlineData("MEMBERS")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Names_the_scope_that_is_missing(string? scope)
    {
        var response = await _api.CallAsync(_api.Token with { Change = ("scope", scope is null ? null : JsonValue.Create(scope)) });

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        Challenge(response).ShouldBe("Bearer realm=\"members\", error=\"insufficient_scope\", "
            + "error_description=\"The access token does not have the scope this request needs.\", scope=\"members\"");
        await ShouldHaveBodyAsync(response, "AUTH_SCOPE_INSUFFICIENT");
    }

    [Fact]
    public async Task Names_all_scopes_where_more_than_one_is_needed()
    {
        var response = await _api.CallAsync(_api.Token, "/both");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        Challenge(response).ShouldContain("error=\"insufficient_scope\"");
        Challenge(response).ShouldContain("scope=\"members members.read\"");

        var both = _api.Token with { Change = ("scope", "members.read members") };
        (await _api.CallAsync(both, "/both")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Names_no_error_of_scope_where_the_scope_is_not_what_is_missing()
    {
        var response = await _api.CallAsync(_api.Token, "/admins");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        Challenge(response).ShouldBe("Bearer realm=\"members\", scope=\"members\"");
        await ShouldHaveBodyAsync(response, "AUTH_FORBIDDEN");
    }

    [Fact]
    public async Task Names_the_realm_it_was_given()
    {
        await using var api = await ResourceApi.StartAsync(configure: options => options.Realm = "the members");

        Challenge(await api.GetAsync(null)).ShouldBe("Bearer realm=\"the members\", scope=\"members\"");
    }

    [Fact]
    public async Task Writes_no_token_into_the_log()
    {
        var good = _api.Token.Write();
        var bad = (_api.Token with { Type = "JWT" }).Write();

        await _api.GetAsync($"Bearer {good}");
        await _api.GetAsync($"Bearer {bad}");

        var log = string.Join('\n', _api.Lines.Lines);
        log.ShouldContain("An access token was refused: WrongType");
        log.ShouldNotContain(good.Split('.')[2]);
        log.ShouldNotContain(bad.Split('.')[2]);
    }

    private async Task RefusesAsync(TokenOf token)
    {
        var response = await _api.CallAsync(token);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Challenge(response).ShouldBe(
            "Bearer realm=\"members\", error=\"invalid_token\", "
            + "error_description=\"The access token is not valid here.\", scope=\"members\"");
        await ShouldHaveBodyAsync(response, "AUTH_UNAUTHENTICATED");
    }

    private static string Challenge(HttpResponseMessage response) => response.Headers.GetValues("WWW-Authenticate").ShouldHaveSingleItem();

    private static async Task ShouldHaveBodyAsync(HttpResponseMessage response, string code)
    {
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/json");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        body.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["error", "code", "requestId", "details"]);
        body.RootElement.GetProperty("code").GetString().ShouldBe(code);
        body.RootElement.GetProperty("requestId").GetString().ShouldBe(response.Headers.GetValues("X-Request-Id").Single());
    }
}
