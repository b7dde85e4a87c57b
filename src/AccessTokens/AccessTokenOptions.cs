using Jose;
using Microsoft.AspNetCore.Authentication;

namespace AccessTokens;

/// <summary>Whose access tokens this API takes, and what it is called in them.</summary>
public sealed class AccessTokenOptions : AuthenticationSchemeOptions
{
    /// <summary>The name of the authentication scheme, of which a host has one.</summary>
    public const string Scheme = "AccessToken";

    /// <summary>The factory's name for the HTTP client that speaks to the issuer.</summary>
    public const string HttpClientName = "AccessTokens.IssuerKeys";

    private const int ShortestSecret = 32;
    private const string WellKnownPath = "/.well-known/openid-configuration";

    /// <summary>
    /// The issuer's identifier, compared with <c>iss</c> character by character (RFC 9068 §4). Setting <c>Oidc:Issuer</c>.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>
    /// Whether an issuer without TLS is taken: in development only, since whoever is on the way could hand us keys of their own (RFC 8414 §2).
    /// </summary>
    public bool AllowHttpIssuer { get; set; }

    /// <summary>The name of this resource in <c>aud</c> (RFC 9068 §3).</summary>
    public string Audience { get; set; } = "";

    /// <summary>The protection space named in challenges (RFC 6750 §3); the audience unless set.</summary>
    public string? Realm { get; set; }

    /// <summary>
    /// Where the issuer's metadata is read, when not at the issuer's own well-known address (OpenID Connect Discovery 1.0 §4).
    /// </summary>
    public Uri? MetadataAddress
    {
        get => field ?? (Uri.TryCreate(Issuer.TrimEnd('/') + WellKnownPath, UriKind.Absolute, out var address) ? address : null);
        set;
    }

    /// <summary>
    /// What proves to the issuer that this resource is asking about a token (RFC 7662 §2.1). Without it, tokens that only the issuer can judge are
    /// refused. Setting <c>Introspection:Secret</c>.
    /// </summary>
    public string? IntrospectionSecret { get; set; }

    /// <summary>Whether a secret that everybody knows is taken: in development only.</summary>
    public bool AllowDevelopmentSecret { get; set; }

    /// <summary>How far the issuer's clock may be from ours.</summary>
    public TimeSpan Skew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Algorithms that may have signed. Each key serves one of them whatever stands here.</summary>
    public IReadOnlyCollection<string> Algorithms { get; set; } = Jose.Algorithms.All;

    internal string RealmOrAudience => Realm ?? Audience;

    // RFC 9068 §2.2 and §4: what an access token has, and what is compared.
    internal JwtExpectations Expectations => field ??= new JwtExpectations
    {
        Type = "at+jwt",
        Issuer = Issuer,
        Audience = Audience,
        Algorithms = Algorithms,
        Skew = Skew,
        RequiredClaims = ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"],
    };

    /// <summary>Called when the host starts.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the message names it.</exception>
    public override void Validate()
    {
        base.Validate();
        if (Problem() is { } problem)
        {
            throw new InvalidOperationException(problem);
        }
    }

    private string? Problem()
    {
        if (!IsHttp(Issuer))
        {
            return $"Oidc:Issuer must be the issuer's absolute http or https address; it is '{Issuer}'.";
        }

        if (!AllowHttpIssuer && !Issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
        {
            return $"Oidc:Issuer must begin with https outside Development; it is '{Issuer}'.";
        }

        if (Audience.Length == 0)
        {
            return "An API that takes access tokens needs an audience: its own name in 'aud'.";
        }

        if (RealmOrAudience.AsSpan().ContainsAny('"', '\\') || !System.Text.Ascii.IsValid(RealmOrAudience))
        {
            return $"The realm '{RealmOrAudience}' cannot stand in a WWW-Authenticate header.";
        }

        if (MetadataAddress is not { } address || !IsHttp(address.OriginalString))
        {
            return $"The metadata address '{MetadataAddress}' must be an absolute http or https address.";
        }

        if (!AllowDevelopmentSecret && IntrospectionSecret is { } secret
            && (secret.Length < ShortestSecret || secret.EndsWith("-development-secret", StringComparison.Ordinal)))
        {
            return $"Introspection:Secret is too short or a default; draw one of at least {ShortestSecret} characters (openssl rand -base64 32).";
        }

        return Skew < TimeSpan.Zero || Skew > TimeSpan.FromMinutes(5) ? $"A clock skew of {Skew} is not between 0 and 5 minutes." : null;
    }

    private static bool IsHttp(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
