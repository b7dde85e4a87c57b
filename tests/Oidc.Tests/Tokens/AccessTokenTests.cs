namespace Oidc.Tests;

/// <summary>RFC 9068 §2: what stands in an access token, and nothing else.</summary>
public sealed class AccessTokenTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Carries_what_RFC_9068_requires()
    {
        var token = (await _provider.SignInAsync("openid profile email phone members")).AccessToken;
        var now = _provider.Time.Now.ToUnixTimeSeconds();

        token.Header.GetProperty("typ").GetString().ShouldBe("at+jwt");
        token.Header.GetProperty("alg").GetString().ShouldBe("ES256");
        token.Header.GetProperty("kid").GetString().ShouldBe(Keyring.Default.ActiveFor("ES256").KeyId);
        token.ClaimNames.ShouldBe(["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope", "auth_time", "acr", "amr", "sid", "gid", "role"]);
        (token["iss"], token["sub"], token["client_id"]).ShouldBe((TestProvider.Issuer, TestPeople.Alice.Subject, "spa"));
        (token["iat"], token["exp"], token["auth_time"]).ShouldBe(($"{now}", $"{now + 600}", $"{now}"));
        (token["acr"], token["amr"], token["sid"]).ShouldBe((Acr.OneFactor, """["pwd"]""", "session-1"));
        token["jti"]!.ShouldMatch("^[A-Za-z0-9_-]{22}$");
        token.ShouldVerify(Keyring.Default, "at+jwt", _provider.Time.Now);
    }

    // OpenID Connect Core §5.4: those are for userinfo.
    [Fact]
    public async Task Carries_no_claim_of_the_profile()
    {
        var text = (await _provider.SignInAsync("openid profile email phone address members")).AccessToken.Claims.ToString();

        text.ShouldNotContain("Alice");
        text.ShouldNotContain("alice@example.com");
        text.ShouldNotContain("+86");
    }

    [Theory]
    [InlineData(new string[0], null)]
    [InlineData(new[] { "teacher" }, "teacher")]
    [InlineData(new[] { "principal", "teacher" }, """["principal","teacher"]""")]
    public async Task Carries_the_role_as_a_string_when_it_is_one_and_an_array_when_there_are_more(string[] roles, string? written)
    {
        _provider.Store.Put(TestPeople.Alice with { Roles = roles });

        (await _provider.SignInAsync("openid members")).AccessToken["role"].ShouldBe(written);
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("openid members.read")]
    [InlineData("openid leads.read")]
    public async Task Carries_no_role_without_the_scope_members(string scope) => (await _provider.SignInAsync(scope)).AccessToken["role"].ShouldBeNull();

    [Fact]
    public async Task Has_an_id_of_its_own_each_time()
    {
        var first = await _provider.SignInAsync();

        (await _provider.TokensAsync(Flow.Refresh(first.RefreshToken))).AccessToken["jti"].ShouldNotBe(first.AccessToken["jti"]);
    }

    [Fact]
    public async Task Escapes_what_would_break_out_of_a_string()
    {
        const string role = "a\",\"sub\":\"admin\u0000\\";
        _provider.Store.Put(TestPeople.Alice with { Roles = [role] });

        var token = (await _provider.SignInAsync("openid members")).AccessToken;

        token["role"].ShouldBe(role);
        token["sub"].ShouldBe(TestPeople.Alice.Subject);
        token.ShouldVerify(Keyring.Default, "at+jwt", _provider.Time.Now);
    }
}
