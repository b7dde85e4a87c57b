using ProviderHarness;

namespace Attacks;

/// <summary>People of <c>config/development.yaml</c>.</summary>
public static class People
{
    public const string Alice = "alice@example.com";
    public const string AlicePhone = "+8613800138010";
}

/// <summary>Requests that succeed as they stand.</summary>
public static class Requests
{
    public const string State = "state-of-the-client";

    public static Form Authorize(Provider provider) => Form.Of(
        ("client_id", "storefront"), ("redirect_uri", SignedIn.RedirectUriOf(provider, "storefront")), ("response_type", "code"),
        ("scope", "openid profile offline_access members"), ("state", State), ("nonce", "nonce-of-the-client"),
        ("code_challenge", Proof.ChallengeOf(Proof.Verifier)), ("code_challenge_method", "S256"));

    public static Form Redeem(Provider provider, string code) => Form.Of(
        ("grant_type", "authorization_code"), ("client_id", "storefront"), ("code", code), ("redirect_uri", SignedIn.RedirectUriOf(provider, "storefront")), ("code_verifier", Proof.Verifier));

    public static Form Refresh(string token) => Form.Of(("grant_type", "refresh_token"), ("client_id", "storefront"), ("refresh_token", token));

    public static Form ClientCredentials { get; } = Form.Of(("grant_type", "client_credentials"), ("client_id", "machine"), ("client_secret", "machine-development-secret"));
}
