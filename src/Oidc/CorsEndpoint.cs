// Fetch standard, CORS protocol: browsers of registered origins may call the endpoints that scripts need, and never authorize.
using Microsoft.AspNetCore.Http;

namespace Oidc;

/// <summary>CORS from the origins of registered redirect URIs (RFC 9700 §2.6: none at the authorization endpoint).</summary>
public static class CorsEndpoint
{
    /// <summary>Adds the CORS headers; true when the request was a preflight and is answered.</summary>
    public static bool Apply(HttpContext context, Configuration configuration)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        var origin = context.Request.Headers.Origin;
        var allowed = origin.Count == 1 && configuration.CorsOrigins.Contains(origin[0]!);
        if (allowed)
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlExposeHeaders = "WWW-Authenticate, X-Request-Id, Retry-After";
        }

        if (!HttpMethods.IsOptions(context.Request.Method))
        {
            return false;
        }

        if (allowed)
        {
            headers.AccessControlAllowMethods = "GET, POST";
            headers.AccessControlAllowHeaders = "authorization, content-type, x-request-id";
            headers.AccessControlMaxAge = "600";
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return true;
    }
}
