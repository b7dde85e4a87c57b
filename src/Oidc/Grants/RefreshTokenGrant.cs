// RFC 6749 §6, RFC 9700 §4.14, RFC 8707 §2.2: a new access token, and for public clients a new refresh token.
namespace Oidc;

/// <summary>
/// The grant <c>refresh_token</c>. One statement takes the token; this class reads what it found. A retry with a token that was just rotated
/// gets the very same successor again, so a lost answer or two tabs cost nobody their session, and a thief's late replay costs the family.
/// </summary>
public sealed class RefreshTokenGrant(IGrantStore store, RefreshTokenChain chain, OidcOptions options) : IGrant
{
    public string Type => "refresh_token";

    public async Task<GrantOutcome> DecideAsync(TokenRequest request, CancellationToken cancellation)
    {
        if (request.Parameters["refresh_token"] is not { } token)
        {
            return OAuthError.InvalidRequest("The parameter refresh_token is missing.");
        }

        if (Handle.HashOf(token, Handle.RefreshToken) is not { } hash)
        {
            return OAuthError.InvalidGrant("not a refresh token");
        }

        // RFC 8707 §2: told before the token is touched, since a rotation the client never hears of would cost it its session.
        if (request.Scopes is { } narrower && ScopeAndResource.CheckTargets(request.Resources, narrower) is { } targetError)
        {
            return targetError;
        }

        var rotation = request.Client.RotatesRefreshTokens ? chain.Rotate(token) : default;
        var found = await store.RefreshAsync(AttemptOf(request, hash, rotation.Stored), cancellation);
        if (found is null)
        {
            return OAuthError.InvalidGrant("no such refresh token");
        }

        // RFC 6749 §6: bound to the client it was issued to.
        if (!string.Equals(found.Grant.ClientId, request.Client.Id, StringComparison.Ordinal))
        {
            return OAuthError.InvalidGrant("the refresh token was issued to another client");
        }

        if (found.Accepted)
        {
            return Approve(request, found, rotation.Token ?? token);
        }

        return Refuse(request, found) ?? await JudgeReplayAsync(request, token, found, cancellation);
    }

    private RefreshAttempt AttemptOf(TokenRequest request, byte[] hash, RefreshSuccessor? successor) => new()
    {
        Hash = hash,
        ClientId = request.Client.Id,
        Scopes = request.Scopes,
        Resources = [.. request.Resources.Select(resource => resource.Uri)],
        ResourceScopes = [.. request.Resources.Select(resource => resource.Scopes.Where(request.Client.Scopes.Contains).ToArray())],
        Now = request.Now,
        Idle = options.Lifetimes.RefreshIdle,
        Successor = successor,
    };

    // What the statement would not take although nobody had rotated the token: in the order a client can do something about it.
    private static OAuthError? Refuse(TokenRequest request, FoundRefreshToken found)
    {
        if (found.GrantRevoked || found.SessionEnded)
        {
            return OAuthError.InvalidGrant(found.GrantRevoked ? "the grant is revoked" : "the session was ended");
        }

        if (found.Rotated is not null)
        {
            return null;
        }

        if (request.Now >= found.ExpiresAt || request.Now >= found.IdleUntil)
        {
            return OAuthError.InvalidGrant("the refresh token has expired");
        }

        if (!found.Person.Enabled)
        {
            return OAuthError.InvalidGrant("the person is disabled");
        }

        // RFC 6749 §6: the scope must not go beyond what was granted.
        if (request.Scopes is { } scopes && !scopes.All(found.Grant.Scopes.Contains))
        {
            return OAuthError.InvalidScope("The requested scope exceeds the scope that was granted.");
        }

        return OAuthError.InvalidTarget("The requested resource is not part of the grant.");
    }

    private async Task<GrantOutcome> JudgeReplayAsync(TokenRequest request, string token, FoundRefreshToken found, CancellationToken cancellation)
    {
        var rotated = found.Rotated!;

        // RFC 9700 §4.14.2: after the grace this is a stolen token, or its owner coming back to find it stolen.
        if (request.Now > rotated.At + options.Lifetimes.RefreshGrace)
        {
            await store.RevokeForRefreshReuseAsync(found.Grant, request.Now, cancellation);
            return OAuthError.InvalidGrant("a rotated refresh token was used again; the grants of its session are revoked");
        }

        if (!rotated.SuccessorUsed && rotated.SameRequest && found.Person.Enabled && chain.Recompute(token, rotated) is { } successor)
        {
            return Approve(request, found, successor);
        }

        await store.RecordRefreshReuseAsync(found.Grant, request.Now, cancellation);
        return OAuthError.InvalidGrant(rotated.SuccessorUsed ? "the refresh token was rotated and its successor is in use" : "a retry must repeat the request that rotated the token");
    }

    private static GrantOutcome Approve(TokenRequest request, FoundRefreshToken found, string refreshToken) => new GrantApproval
    {
        Scopes = request.Scopes ?? found.Grant.Scopes,
        Subject = new ApprovedSubject(found.Grant, found.Person, found.SessionEnded),
        RefreshToken = refreshToken,
    };
}
