namespace IdentityProvider;

/// <summary>The headers of every page (CSP Level 3, Referrer Policy, HTML §7.1.3): nothing foreign is loaded, framed, told or cached.</summary>
public static class PageHeaders
{
    /// <param name="destination">Where the page's form may end up: the redirect URI of a relying party, since browsers judge the whole chain of
    /// redirects after a form post by <c>form-action</c>.</param>
    /// <param name="frames">What the page loads in frames: their origins and no other may be framed.</param>
    public static void Write(HttpContext context, string? destination, IEnumerable<Uri>? frames = null)
    {
        var framed = string.Concat((frames ?? []).Select(frame => SourceOf(frame.AbsoluteUri)).Distinct());
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            + $"form-action 'self'{SourceOf(destination)};{(framed.Length > 0 ? $" frame-src{framed};" : "")} base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
    }

    // CSP Level 3 §2.3.1. A native application's URI has no origin, and an IPv6 address is no host-source: there the scheme has to do.
    private static string SourceOf(string? destination)
    {
        if (destination is null || !Uri.TryCreate(destination, UriKind.Absolute, out var uri))
        {
            return "";
        }

        return uri.Scheme is "http" or "https" && uri.HostNameType is not UriHostNameType.IPv6 ? $" {uri.Scheme}://{uri.IdnHost}:{uri.Port}" : $" {uri.Scheme}:";
    }
}
