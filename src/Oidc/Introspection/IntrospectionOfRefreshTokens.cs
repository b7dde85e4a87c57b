// RFC 7662 §2.2: refresh tokens, which concern the client that holds them alone.
namespace Oidc;

/// <summary>Looks at refresh tokens without taking them.</summary>
public sealed class IntrospectionOfRefreshTokens(ITokenStore store)
{
    /// <summary>The token when it could be used now by this caller; otherwise null.</summary>
    public async Task<SeenRefreshToken?> FindAsync(byte[] hash, IntrospectionCaller caller, DateTimeOffset now, CancellationToken cancellation) =>
        caller.Client is { } client
        && await store.FindRefreshTokenAsync(hash, cancellation) is { State.Stands: true, Rotated: false } found
        && string.Equals(found.Grant.ClientId, client.Id, StringComparison.Ordinal)
        && now < found.ExpiresAt
            ? found
            : null;
}
