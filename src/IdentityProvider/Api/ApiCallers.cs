using System.Security.Cryptography;
using System.Text;
using AccessTokens;
using Microsoft.AspNetCore.Authentication;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Who calls: by an access token for this API, whose grant, session and person are asked for in one round trip, or by the session's cookie, which counts from
/// our own front ends only.
/// </summary>
public sealed class ApiCallers(CallerStore store, FirstParty firstParty, ApiOrigins origins, BrowserSessions sessions)
{
    /// <summary>The name of this API as <c>aud</c>.</summary>
    public const string Audience = Resource.Account;

    internal async Task<(Caller? Caller, IResult? Refusal)> FindAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count > 0)
        {
            return await FindBearerAsync(context);
        }

        var caller = await FindCookieAsync(context);
        return caller is null ? (null, new Challenge()) : (caller, null);
    }

    /// <summary>The session behind the cookie, where cookies count.</summary>
    internal async Task<Caller?> FindCookieAsync(HttpContext context) =>
        origins.IsOwn(context) && await sessions.FindAsync(context) is { } found ? await store.FindBySessionAsync(found.Session.Id, context.RequestAborted) : null;

    private async Task<(Caller? Caller, IResult? Refusal)> FindBearerAsync(HttpContext context)
    {
        var authenticated = await context.AuthenticateAsync(AccessTokenOptions.Scheme);
        if (authenticated.Principal is not { } token)
        {
            return (null, new Challenge());
        }

        // RFC 6750 §3.1: a good signature on a token that is for others, or of what no longer stands.
        var caller = firstParty.IsTrusted(token.ClientId) && Guid.TryParse(token.FindFirst(AccessToken.GrantIdClaim)?.Value, out var grant) && Guid.TryParse(token.Subject, out var person)
            ? await store.FindByGrantAsync(grant, person, token.ClientId!, SHA256.HashData(Encoding.UTF8.GetBytes(token.FindFirst("jti")!.Value)), context.RequestAborted)
            : null;
        return caller is null ? (null, new Dead()) : (caller, null);
    }

    // Answered by the handler, which knows what was wrong with the token, if there was one.
    private sealed class Challenge : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => httpContext.ChallengeAsync(AccessTokenOptions.Scheme);
    }

    private sealed class Dead : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var error = OAuthError.InvalidToken("not a living token for this API");
            httpContext.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Audience}\", error=\"{error.Code}\"";
            return ApiError.ForStatus(StatusCodes.Status401Unauthorized).ExecuteAsync(httpContext);
        }
    }
}
