using Oidc;

namespace IdentityProvider;

/// <summary>
/// The provider's cookies, all of them: host-only, out of reach of scripts, sent along when a relying party sends the person here. On https their
/// names begin with <c>__Host-</c>, so that neither a sibling host nor plain http can plant one (RFC 6265bis §4.1.3.2).
/// </summary>
public sealed class BrowserCookies(OidcOptions options)
{
    public const string Session = "identity.session";
    public const string Browser = "identity.browser";
    public const string KnownDevices = "identity.devices";
    public const string LatestCode = "identity.code";
    public const string ApiChallenge = "identity.challenge";
    public const string Antiforgery = "identity.form";
    public const string Language = "identity.language";
    public const string Theme = "identity.theme";

    private readonly bool _secure = options.Issuer.StartsWith("https:", StringComparison.Ordinal);

    public bool Secure => _secure;

    public string NameOf(string cookie) => _secure ? "__Host-" + cookie : cookie;

    public string? Read(HttpContext context, string cookie) => context.Request.Cookies[NameOf(cookie)] is { Length: > 0 } value ? value : null;

    /// <param name="lifetime">Null: until the browser is closed.</param>
    public void Write(HttpContext context, string cookie, string value, TimeSpan? lifetime) =>
        context.Response.Cookies.Append(NameOf(cookie), value, Attributes(lifetime));

    public void Delete(HttpContext context, string cookie) => context.Response.Cookies.Delete(NameOf(cookie), Attributes(null));

    private CookieOptions Attributes(TimeSpan? lifetime) => new()
    {
        Path = "/",
        HttpOnly = true,
        Secure = _secure,
        // Strict would hide them on the way in from a relying party.
        SameSite = SameSiteMode.Lax,
        MaxAge = lifetime,
        IsEssential = true,
    };
}
