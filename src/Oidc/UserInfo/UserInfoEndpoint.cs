// OpenID Connect Core §5.3 and RFC 6750: the userinfo endpoint.
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>
/// Answers who the person behind an access token is, signed or by reference, after one round trip that asks whether grant, session and person still
/// stand.
/// </summary>
public sealed class UserInfoEndpoint(AccessTokenLookup tokens, IConfigurationSource configuration, TimeProvider time, ILogger<UserInfoEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        // Core §5.3.1: GET and POST.
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (!isPost && !HttpMethods.IsGet(context.Request.Method))
        {
            await OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET, POST");
            return;
        }

        var form = isPost && context.Request.ContentType is not null && context.Request.ContentLength is not 0 ? await OAuthEndpoint.ReadFormAsync(context) : null;
        var (token, transportError) = TokenOf(context, form);
        if (token is null)
        {
            await RefuseAsync(context, transportError);
            return;
        }

        // Core §5.3: the scope that makes it an OpenID Connect token.
        var (accessToken, error) = await tokens.FindAsync(token, ScopeAndResource.OpenId, time.GetUtcNow(), context.RequestAborted);
        if (error is not null)
        {
            await RefuseAsync(context, error);
            return;
        }

        OAuthEndpoint.NeverCache(context.Response);
        await OAuthEndpoint.WriteJsonAsync(context, StatusCodes.Status200OK, (Person: accessToken!.Person!, accessToken.Scopes, Requested: RequestedOf(accessToken)),
            static (writer, answer) => UserInfoClaims.Write(writer, answer.Person, answer.Scopes, answer.Requested));
    }

    // Core §5.5, and no further than what the client may ask for today.
    private IReadOnlyList<string> RequestedOf(LiveAccessToken token) =>
        token.UserInfoClaims.Count == 0 || configuration.Current.FindClient(token.ClientId) is not { } client
            ? []
            : [.. token.UserInfoClaims.Where(claim => StandardClaims.ScopeOf(claim) is { } scope && client.Scopes.Contains(scope))];

    // RFC 6750 §2: one transport per request; §2.3's query parameter is not supported (RFC 9700 §4.3.2).
    private static (string? Token, OAuthError? Error) TokenOf(HttpContext context, ParametersOutcome? form)
    {
        var header = context.Request.Headers.Authorization;
        if (form?.Error is { } formError)
        {
            return (null, formError);
        }

        var inBody = form?.Parameters["access_token"];
        if (header.Count == 0)
        {
            return (inBody, null);
        }

        const string Scheme = "Bearer ";
        if (header.Count > 1 || inBody is not null)
        {
            return (null, OAuthError.InvalidRequest("The access token was sent twice."));
        }

        return header[0]!.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? (header[0]![Scheme.Length..].Trim(), null) : (null, null);
    }

    // RFC 6750 §3: the challenge names the error, unless there was no token at all (§3.1).
    private Task RefuseAsync(HttpContext context, OAuthError? error)
    {
        if (error is null)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"userinfo\"";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            OAuthEndpoint.NeverCache(context.Response);
            return Task.CompletedTask;
        }

        Log.UserInfoRefused(log, error.Code, error.Detail);
        var scope = error.Status == StatusCodes.Status403Forbidden ? ", scope=\"openid\"" : "";
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"userinfo\", error=\"{error.Code}\", error_description=\"{error.Description}\"{scope}";
        return OAuthEndpoint.WriteErrorAsync(context, error);
    }
}
