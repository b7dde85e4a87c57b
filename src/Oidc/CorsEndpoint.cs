// Fetch standard, CORS protocol: browsers of registered origins may call the endpoints that scripts need, and never authorize.
using Microsoft.AspNetCore.Http;

namespace Oidc;

/// <summary>CORS from the origins of registered redirect URIs (RFC 9700 §2.6: none at the authorization endpoint).</summary>
public static class CorsEndpoint
{
    /// <summary>Adds the CORS headers; true when the request was a preflight and is answered.</summary>
    public static bool Apply(HttpContext context, Configuration configuration) =>
        Apply(context, context.Request.Headers.Origin is [{ } origin] && configuration.CorsOrigins.Contains(origin));

    /// <param name="allowed">Scripts of the origin that the request names may call and read the answer.</param>
    /// <param name="withCredentials">Also with the cookies of their browser.</param>
    public static bool Apply(HttpContext context, bool allowed, bool withCredentials = false)
    {
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        if (allowed)
        {
            headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
            headers.AccessControlExposeHeaders = "WWW-Authenticate, X-Request-Id, Retry-After";
            if (withCredentials)
            {
                headers.AccessControlAllowCredentials = "true";
            }
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
