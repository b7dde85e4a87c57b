// RFC 7662 §2: what a token is worth right now, told to whom it concerns and to nobody else.
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>
/// Answers about access tokens, signed or by reference, and refresh tokens, in one round trip. A resource API hears of tokens addressed to it, a client
/// of its own; everything else is the same few bytes.
/// </summary>
public sealed class IntrospectionEndpoint(ClientAuthenticator authenticator, AccessTokenLookup accessTokens, IntrospectionOfRefreshTokens refreshTokens,
    OidcOptions options, IConfigurationSource configuration, TimeProvider time, ILogger<IntrospectionEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        var (parameters, formError) = await ClientEndpoint.ReadAsync(context);
        if (formError is not null)
        {
            await RefuseAsync(context, formError);
            return;
        }

        // RFC 7662 §2.1: whoever asks proves who it is, or tokens could be tried out here.
        var current = configuration.Current;
        var now = time.GetUtcNow();
        var (caller, refused) = await authenticator.AuthenticateCallerAsync(ClientEndpoint.CredentialsOf(context, parameters!), current, now, context.RequestAborted);
        if (refused is not null)
        {
            ClientEndpoint.Challenge(context, refused);
            await RefuseAsync(context, refused.Error);
            return;
        }

        if (parameters!["token"] is not { } token)
        {
            await RefuseAsync(context, OAuthError.InvalidRequest("The parameter token is missing."));
            return;
        }

        // RFC 7662 §2.1: token_type_hint is a hint, and every token here shows its kind.
        OAuthEndpoint.NeverCache(context.Response);
        await (Handle.HashOf(token, Handle.RefreshToken) is { } hash
            ? AnswerRefreshTokenAsync(context, caller!, hash, now)
            : AnswerAccessTokenAsync(context, caller!, token, now));
    }

    private async Task AnswerAccessTokenAsync(HttpContext context, IntrospectionCaller caller, string token, DateTimeOffset now)
    {
        var (found, error) = await accessTokens.FindAsync(token, scope: null, now, context.RequestAborted);
        var problem = found is null ? error!.Detail : Concerns(found, caller) ? null : "not addressed to the caller";
        await (problem is null
            ? OAuthEndpoint.WriteJsonAsync(context, StatusCodes.Status200OK, (Token: found!, options.Issuer), static (writer, state) => IntrospectionAnswer.Write(writer, state.Token, state.Issuer))
            : WriteInactiveAsync(context, caller, problem));
    }

    private async Task AnswerRefreshTokenAsync(HttpContext context, IntrospectionCaller caller, byte[] hash, DateTimeOffset now)
    {
        var found = await refreshTokens.FindAsync(hash, caller, now, context.RequestAborted);
        await (found is not null
            ? OAuthEndpoint.WriteJsonAsync(context, StatusCodes.Status200OK, (Token: found, options.Issuer), static (writer, state) => IntrospectionAnswer.Write(writer, state.Token, state.Issuer))
            : WriteInactiveAsync(context, caller, "not a live refresh token of the caller"));
    }

    // Design: a resource's credentials introspect tokens addressed to it, a client its own.
    private static bool Concerns(LiveAccessToken token, IntrospectionCaller caller) =>
        (caller.Resource is { } resource && token.Audience.Contains(resource.Name))
        || (caller.Client is { } client && string.Equals(client.Id, token.ClientId, StringComparison.Ordinal));

    // RFC 7662 §2.2: an inactive token is told by nothing but that, whatever form of answer was asked for (CVE-2026-18208).
    private Task WriteInactiveAsync(HttpContext context, IntrospectionCaller caller, string reason)
    {
        Log.TokenInactive(log, caller.Resource?.Name ?? caller.Client!.Id, reason);
        return OAuthEndpoint.WriteJsonAsync(context, StatusCodes.Status200OK, false, static (writer, active) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("active"u8, active);
            writer.WriteEndObject();
        });
    }

    private Task RefuseAsync(HttpContext context, OAuthError error)
    {
        Log.IntrospectionRefused(log, error.Code, error.Detail);
        return OAuthEndpoint.WriteErrorAsync(context, error);
    }
}
