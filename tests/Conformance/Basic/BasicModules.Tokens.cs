namespace Conformance;

// Codes and tokens.
public abstract partial class BasicModules
{
    [Module("oidcc-server")]
    public async Task Signs_in_by_code()
    {
        var signIn = await SignInAsync(Client.Request());

        Randomness.ShouldBeUnguessable(signIn.Code);
        signIn.IdToken.Names.ShouldBeSubsetOf(ProtocolClaims);
    }

    [Module("oidcc-idtoken-signature")]
    public async Task Signs_ID_tokens_with_RS256_unless_another_algorithm_is_registered()
    {
        var signIn = await SignInAsync(Client.Request());

        signIn.IdToken.Header.GetProperty("alg").GetString().ShouldBe("RS256");
        signIn.IdToken.Header.GetProperty("kid").GetString().ShouldNotBeNullOrEmpty();
    }

    // The module registers a client for unsigned ID tokens, and is skipped where these are not offered. No client of this provider can register them.
    [Module("oidcc-idtoken-unsigned")]
    public async Task Offers_no_unsigned_ID_token()
    {
        provider.Supports("id_token_signing_alg_values_supported", "none").ShouldBeFalse();

        (await SignInAsync(Client.Request())).IdToken.Header.GetProperty("alg").GetString().ShouldBe("RS256");
    }

    [Module("oidcc-codereuse")]
    public async Task Refuses_a_code_that_comes_again_at_once()
    {
        var signIn = await SignInAsync(Client.Request());

        (await Client.RedeemAsync(signIn.Code)).ShouldBeTokenError("invalid_grant");
    }

    [Module("oidcc-codereuse-30seconds")]
    public async Task Refuses_a_code_that_comes_again_after_30_seconds_and_takes_its_access_token_along()
    {
        var signIn = await SignInAsync(Client.Request());
        Wait(seconds: 30);

        (await Client.RedeemAsync(signIn.Code)).ShouldBeTokenError("invalid_grant");

        ((int)(await Client.UserInfoAsync(signIn.AccessToken)).Status).ShouldBeInRange(400, 499);
    }

    [Module("oidcc-server-client-secret-post")]
    public async Task Takes_a_client_secret_in_the_form()
    {
        provider.Supports("token_endpoint_auth_methods_supported", "client_secret_post").ShouldBeTrue();
        var client = new RelyingParty(provider, "conformance-post", Client.ResponseMode) { SecretInForm = true };

        var signIn = await client.SignInAsync(_browser, client.Request());

        Randomness.ShouldBeUnguessable(signIn.Code);
    }

    [Module("oidcc-refresh-token")]
    public async Task Refreshes_the_tokens_of_the_client_they_were_issued_to()
    {
        provider.Supports("grant_types_supported", "refresh_token").ShouldBeTrue();
        provider.Supports("scopes_supported", "offline_access").ShouldBeTrue();
        var first = await GrantOfflineAccessAsync(Client);
        await RefreshAsync(Client, first);
        var second = await GrantOfflineAccessAsync(SecondClient);
        await RefreshAsync(SecondClient, second);

        (await Client.RefreshAsync(RefreshTokenOf(second.Tokens))).ShouldBeTokenError("invalid_grant");
    }

    private Task<SignIn> GrantOfflineAccessAsync(RelyingParty client) =>
        client.SignInAsync(_browser, client.Request("openid offline_access").And("prompt", "consent"));

    private async Task RefreshAsync(RelyingParty client, SignIn signIn)
    {
        Wait(seconds: 1);

        var refreshed = await client.RefreshAsync(RefreshTokenOf(signIn.Tokens));

        refreshed.ShouldBeTokens();
        RefreshTokenOf(refreshed);
        var accessToken = refreshed.Json.GetProperty("access_token").GetString()!;
        accessToken.ShouldNotBe(signIn.AccessToken);

        // OpenID Connect Core §12.2: the same person, client and sign-in, another moment, and no nonce.
        var idToken = await client.ReadIdTokenAsync(refreshed, nonce: null);
        foreach (var name in new[] { "iss", "sub", "aud", "azp", "auth_time" })
        {
            (idToken.Claims.TryGetProperty(name, out var now) ? now.ToString() : null).ShouldBe(signIn.IdToken.Claims.TryGetProperty(name, out var before) ? before.ToString() : null);
        }

        idToken.Claims.GetProperty("iat").GetInt64().ShouldBeGreaterThan(signIn.IdToken.Claims.GetProperty("iat").GetInt64());
        (await client.UserInfoAsync(accessToken)).ShouldBeUserInfo(idToken);
    }

    private static string RefreshTokenOf(Reply tokens)
    {
        var token = tokens.Json.GetProperty("refresh_token").GetString()!;
        Randomness.ShouldBeUnguessable(token);

        // RFC 6749 appendix A.17.
        token.ShouldMatch(@"^[\x20-\x7E]+\z");
        return token;
    }
}
