using Oidc;

namespace IdentityProvider;

/// <summary>
/// From where cookies count (RFC 6454, Fetch §3.2): this provider's own pages and the first-party front ends of <c>Api:Origins</c>. A browser says on every
/// post where it comes from, and no script can say otherwise; what comes from anywhere else, or from no browser, has no cookies here.
/// </summary>
public sealed class ApiOrigins(ProviderSettings settings)
{
    private readonly HashSet<string> _origins = new(settings.ApiOrigins.Append(settings.Oidc.Issuer), StringComparer.Ordinal);

    public bool IsOwn(HttpContext context) => context.Request.Headers.Origin is [{ } origin] && _origins.Contains(origin);

    /// <summary>The CORS protocol (Fetch §3.2); true when the request was a preflight and is answered.</summary>
    public bool Answer(HttpContext context) => CorsEndpoint.Apply(context, IsOwn(context), withCredentials: true);
}
