using System.Text.Json;

namespace Oidc.Tests;

/// <summary>The tokens of one answer of the token endpoint.</summary>
public sealed record Tokens(JsonElement Json)
{
    public WrittenToken AccessToken => new(Json.GetProperty("access_token").GetString()!);

    public WrittenToken IdToken => new(Json.GetProperty("id_token").GetString()!);

    public string RefreshToken => Json.GetProperty("refresh_token").GetString()!;

    public bool HasRefreshToken => Json.TryGetProperty("refresh_token", out _);

    public bool HasIdToken => Json.TryGetProperty("id_token", out _);

    public string Scope => Json.GetProperty("scope").GetString()!;

    public string Bearer => "Bearer " + AccessToken.Text;
}

/// <summary>The steps of the code flow with parameters that succeed: those of the public client <c>spa</c>, and of the confidential <c>web</c>.</summary>
public static class Flow
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    /// <summary>RFC 7636 appendix B: the challenge of <see cref="Verifier"/>.</summary>
    public const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    public const string State = "a state: äöü 状态 & more + 100%";

    /// <summary>An authorization request of <c>spa</c>.</summary>
    public static Form Authorize { get; } = Form.Of(
        ("client_id", "spa"), ("redirect_uri", "https://app.example/callback"), ("response_type", "code"), ("scope", "openid offline_access members"),
        ("state", State), ("nonce", "a-nonce"), ("code_challenge", Challenge), ("code_challenge_method", "S256"));

    /// <summary>An authorization request of <c>web</c>, without PKCE.</summary>
    public static Form AuthorizeWeb { get; } = Form.Of(
        ("client_id", "web"), ("redirect_uri", "https://web.example/callback?tenant=7"), ("response_type", "code"), ("scope", "openid offline_access members"),
        ("state", State), ("nonce", "a-nonce"));

    public static string WebCredentials { get; } = TestProvider.Basic("web", TestConfiguration.Secret);

    public static string MachineCredentials { get; } = TestProvider.Basic("machine", TestConfiguration.Secret);

    /// <summary>The token request of <c>spa</c> for a code.</summary>
    public static Form Redeem(string code) => Form.Of(
        ("grant_type", "authorization_code"), ("client_id", "spa"), ("code", code), ("redirect_uri", "https://app.example/callback"), ("code_verifier", Verifier));

    /// <summary>The token request of <c>web</c> for a code; it authenticates by the header.</summary>
    public static Form RedeemWeb(string code) => Form.Of(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://web.example/callback?tenant=7"));

    public static Form Refresh(string token, string clientId = "spa") => Form.Of(("grant_type", "refresh_token"), ("client_id", clientId), ("refresh_token", token));

    public static string ReferringCredentials { get; } = TestProvider.Basic("referring", TestConfiguration.Secret);

    public static string MembersCredentials { get; } = TestProvider.Basic("members", TestConfiguration.ResourceSecret);

    public static string SmartCsCredentials { get; } = TestProvider.Basic("smart-cs", TestConfiguration.ResourceSecret);

    public static Form ClientCredentials { get; } = Form.Of(("grant_type", "client_credentials"));

    public static async Task<string> CodeAsync(this TestProvider provider, Form? authorize = null) =>
        (await provider.GetAsync(Endpoints.Authorize, authorize ?? Authorize)).Redirect["code"];

    public static async Task<Tokens> SignInAsync(this TestProvider provider, string scope = "openid offline_access members") =>
        await provider.TokensAsync(Redeem(await provider.CodeAsync(Authorize.With("scope", scope))));

    public static async Task<Tokens> SignInToWebAsync(this TestProvider provider, string scope = "openid offline_access members") =>
        await provider.TokensAsync(RedeemWeb(await provider.CodeAsync(AuthorizeWeb.With("scope", scope))), WebCredentials);

    /// <summary>Tokens of a client whose access tokens are handles.</summary>
    public static async Task<Tokens> SignInToReferringAsync(this TestProvider provider, string scope = "openid offline_access members") =>
        await provider.TokensAsync(RedeemWeb(await provider.CodeAsync(AuthorizeWeb.With("client_id", "referring").With("scope", scope))), ReferringCredentials);

    public static Task<Answer> IntrospectAsync(this TestProvider provider, string token, string? authorization) =>
        provider.PostAsync(Endpoints.Introspection, Form.Of(("token", token)), authorization);

    public static Task<Answer> RevokeAsync(this TestProvider provider, string token, string? authorization) =>
        provider.PostAsync(Endpoints.Revocation, Form.Of(("token", token)), authorization);

    public static async Task<Tokens> TokensAsync(this TestProvider provider, Form form, string? authorization = null)
    {
        var answer = await provider.TokenAsync(form, authorization);
        answer.Status.ShouldBe(200, answer.Body);
        return new Tokens(answer.Json);
    }

    public static Task<Answer> TokenAsync(this TestProvider provider, Form form, string? authorization = null) =>
        provider.PostAsync(Endpoints.Token, form, authorization);

    public static Task<Answer> UserInfoAsync(this TestProvider provider, Tokens tokens) => provider.GetAsync(Endpoints.UserInfo, authorization: tokens.Bearer);
}
