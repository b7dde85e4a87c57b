// RFC 7009 §2: a client gives a token back.
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>
/// Ends tokens of the client that asks, in one round trip: a refresh token takes its grant along and every access token made from it, an access token dies
/// alone. What is unknown, dead already or another client's changes nothing and is answered alike.
/// </summary>
public sealed class RevocationEndpoint(ClientEndpoint clients, AccessTokenReader reader, ITokenStore store, ILogger<RevocationEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        var (request, error, clientId) = await clients.AuthenticateAsync(context);
        error ??= request!.Parameters.Has("token") ? null : OAuthError.InvalidRequest("The parameter token is missing.");
        if (error is not null)
        {
            Log.RevocationRefused(log, clientId, error.Code, error.Detail);
            await OAuthEndpoint.WriteErrorAsync(context, error);
            return;
        }

        // A store that fails here answers 503: 200 means that the token is dead (GHSA-7mqr-2v3q-v2wm).
        await RevokeAsync(request!, request!.Parameters["token"]!, context.RequestAborted);
        OAuthEndpoint.NeverCache(context.Response);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentLength = 0;
    }

    // RFC 7009 §2.1: token_type_hint is a hint, and every token here shows its kind.
    private Task RevokeAsync(ClientRequest request, string token, CancellationToken cancellation)
    {
        if (Handle.HashOf(token, Handle.RefreshToken) is { } refreshHash)
        {
            return store.RevokeRefreshTokenAsync(refreshHash, request.Client.Id, request.Now, cancellation);
        }

        if (Handle.HashOf(token, Handle.ReferenceToken) is { } referenceHash)
        {
            return store.RevokeReferenceTokenAsync(referenceHash, request.Client.Id, cancellation);
        }

        // RFC 7009 §2.2: a token that is none, or not this client's, needs no revoking.
        return reader.Read(token, request.Now, out _) is { } read && string.Equals(read.ClientId, request.Client.Id, StringComparison.Ordinal)
            ? store.RevokeAccessTokenAsync(read.IdHash, read.Claims.ExpiresAt!.Value, cancellation)
            : Task.CompletedTask;
    }
}
