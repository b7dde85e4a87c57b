// RFC 6749 §2: what a client registered, as the engine reads it.
using System.Collections.Frozen;
using Jose;

namespace Oidc;

/// <summary>
/// A registered client (RFC 6749 §2, OpenID Connect Registration §2 for the names). Immutable: a change of configuration is a new
/// <see cref="Configuration"/>, never a changed client.
/// </summary>
public sealed record Client
{
    /// <summary>The <c>client_id</c>; never shaped like a subject identifier, so that a client cannot be taken for a person (RFC 9700 §4.15).</summary>
    public required string Id { get; init; }

    /// <summary>What a person is shown.</summary>
    public required string Name { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>True for the organisation's own front ends: no consent, and the only ones that may hold tokens for the provider itself.</summary>
    public bool FirstParty { get; init; }

    /// <summary>True: a token that a person got through this client also opens the provider's own API to that person (<see cref="Resource.Account"/>).</summary>
    public bool AccountAccess { get; init; }

    /// <summary>The methods of <c>token_endpoint_auth_method</c> this client may use; <c>none</c> alone makes it public (RFC 6749 §2.1).</summary>
    public required FrozenSet<string> AuthenticationMethods { get; init; }

    public IReadOnlyList<ClientSecret> Secrets { get; init; } = [];

    /// <summary>RFC 7591 §2 <c>jwks</c>: the keys this client signs with, registered inline.</summary>
    public JwkSet? Keys { get; init; }

    /// <summary>RFC 7591 §2 <c>jwks_uri</c>: where its keys are, when they are not inline.</summary>
    public Uri? KeysUri { get; init; }

    /// <summary>The only algorithm its assertions may have (OpenID Connect Registration §2); null: any that one of its keys serves.</summary>
    public string? AssertionAlgorithm { get; init; }

    /// <summary>FAPI 2.0 §5.3.2.1: the audience of its assertions is the issuer alone, as one string.</summary>
    public bool SecurityProfile { get; init; }

    public required FrozenSet<string> GrantTypes { get; init; }

    /// <summary>Compared as strings, character by character (RFC 9700 §2.1).</summary>
    public FrozenSet<string> RedirectUris { get; init; } = FrozenSet<string>.Empty;

    public FrozenSet<string> PostLogoutRedirectUris { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Every scope this client may ask for.</summary>
    public required FrozenSet<string> Scopes { get; init; }

    /// <summary>RFC 7636: always true for public clients; confidential clients may leave PKCE out unless they registered it.</summary>
    public bool RequirePkce { get; init; } = true;

    /// <summary>The signature algorithm of this client's ID tokens: <c>RS256</c>, <c>PS256</c> or <c>ES256</c>.</summary>
    public string IdTokenAlgorithm { get; init; } = "RS256";

    /// <summary>True: its access tokens are handles that mean something to this provider only (RFC 7662), not JWTs.</summary>
    public bool ReferenceTokens { get; init; }

    /// <summary>RFC 9700 §4.14.2: public clients always rotate; confidential clients only when they registered it.</summary>
    public bool RotateRefreshTokens { get; init; }

    /// <summary>Where a dead interaction or the signed-out page can send the person back to.</summary>
    public string? HomeUri { get; init; }

    /// <summary>Back-Channel Logout §2.2.</summary>
    public Uri? BackchannelLogoutUri { get; init; }

    /// <summary>Back-Channel Logout §2.2: the logout token must carry <c>sid</c>.</summary>
    public bool BackchannelLogoutSessionRequired { get; init; }

    /// <summary>Front-Channel Logout §2.</summary>
    public Uri? FrontchannelLogoutUri { get; init; }

    /// <summary>Front-Channel Logout §2: <c>iss</c> and <c>sid</c> go along.</summary>
    public bool FrontchannelLogoutSessionRequired { get; init; }

    /// <summary>True: what a person granted this client outlives the end of the session it was granted in.</summary>
    public bool SurvivesLogout { get; init; }

    /// <summary>Shown where a person decides about the client (OpenID Connect Registration §2).</summary>
    public Uri? LogoUri { get; init; }

    public Uri? PolicyUri { get; init; }

    public Uri? TermsUri { get; init; }

    /// <summary>The least of <see cref="Acr"/> that a sign-in for this client must reach; null: any.</summary>
    public string? RequiredAcr { get; init; }

    public bool IsPublic => AuthenticationMethods.Contains(ClientAuthenticationMethod.None);

    public bool RotatesRefreshTokens => IsPublic || RotateRefreshTokens;
}

/// <summary>A secret of a client or a resource at rest: SHA-256 of the UTF-8 secret. A plain hash is enough because secrets are random and at least 32 characters.</summary>
public sealed record ClientSecret(byte[] Sha256, DateTimeOffset? ExpiresAt);

/// <summary>Values of <c>token_endpoint_auth_method</c> (OpenID Connect Core §9) that this provider implements.</summary>
public static class ClientAuthenticationMethod
{
    public const string None = "none";
    public const string SecretBasic = "client_secret_basic";
    public const string SecretPost = "client_secret_post";
    public const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [SecretBasic, SecretPost, PrivateKeyJwt, None];
}
