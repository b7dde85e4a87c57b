using System.Security.Cryptography;
using System.Text;
using Jose;

namespace Oidc.Tests;

/// <summary>OpenID Connect Core §2 and §3.1.3.6: what stands in an ID token, and nothing else.</summary>
public sealed class IdTokenTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Carries_who_where_when_and_how()
    {
        var token = (await _provider.SignInAsync("openid profile email phone address")).IdToken;
        var now = _provider.Time.Now.ToUnixTimeSeconds();

        token.Header.GetProperty("typ").GetString().ShouldBe("JWT");
        token.ClaimNames.ShouldBe(["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"]);
        (token["iss"], token["sub"], token["aud"], token["nonce"]).ShouldBe((TestProvider.Issuer, TestPeople.Alice.Subject, "spa", "a-nonce"));
        (token["iat"], token["exp"], token["auth_time"]).ShouldBe(($"{now}", $"{now + 600}", $"{now}"));
        (token["acr"], token["amr"], token["sid"]).ShouldBe((Acr.OneFactor, """["pwd"]""", "session-1"));
        token.ShouldVerify(Keyring.Default, "JWT", _provider.Time.Now);
    }

    [Fact]
    public async Task Carries_the_time_of_the_sign_in_not_of_the_request()
    {
        var signedInAt = _provider.Time.Now;
        _provider.Time.Advance(TimeSpan.FromMinutes(90));

        (await _provider.SignInAsync()).IdToken["auth_time"].ShouldBe($"{signedInAt.ToUnixTimeSeconds()}");
    }

    [Fact]
    public async Task Carries_no_nonce_when_none_was_sent()
    {
        var code = await _provider.CodeAsync(Flow.Authorize.Without("nonce"));

        (await _provider.TokensAsync(Flow.Redeem(code))).IdToken.ClaimNames.ShouldNotContain("nonce");
    }

    [Theory]
    [InlineData("\"}{\\ \n é 🔑")]
    [InlineData("<script>alert(1)</script>")]
    public async Task Returns_any_nonce_exactly(string nonce)
    {
        var code = await _provider.CodeAsync(Flow.Authorize.With("nonce", nonce));

        var token = (await _provider.TokensAsync(Flow.Redeem(code))).IdToken;

        token["nonce"].ShouldBe(nonce);
        token.ShouldVerify(Keyring.Default, "JWT", _provider.Time.Now);
    }

    // §3.1.3.6: the left half of the hash of the access token beside it.
    [Fact]
    public async Task Is_bound_to_the_access_token_beside_it()
    {
        var tokens = await _provider.SignInAsync();

        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(tokens.AccessToken.Text));
        tokens.IdToken["at_hash"].ShouldBe(Base64Url.Encode(hash.AsSpan(0, 16)));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Is_signed_by_the_algorithm_the_client_registered(string algorithm)
    {
        _provider.Configuration.Put(TestConfiguration.Spa with { IdTokenAlgorithm = algorithm });

        var tokens = await _provider.SignInAsync();

        tokens.IdToken.Header.GetProperty("alg").GetString().ShouldBe(algorithm);
        tokens.IdToken.Header.GetProperty("kid").GetString().ShouldBe(Keyring.Default.ActiveFor(algorithm).KeyId);
        tokens.IdToken.ShouldVerify(Keyring.Default, "JWT", _provider.Time.Now);
        tokens.AccessToken.Header.GetProperty("alg").GetString().ShouldBe("ES256");
    }

    // Core §15.1: RS256 is what a client gets that says nothing.
    [Fact]
    public void Is_signed_by_RS256_unless_something_else_was_registered() => TestConfiguration.Spa.IdTokenAlgorithm.ShouldBe("RS256");
}
