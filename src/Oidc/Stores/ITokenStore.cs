// RFC 7009 §2 and RFC 7662 §2: tokens at rest, and what became of them.
namespace Oidc;

/// <summary>A reference token as stored: its handle's hash and all it says (RFC 7662 §2.2).</summary>
public sealed record ReferenceToken
{
    public required byte[] Hash { get; init; }
    public required string ClientId { get; init; }

    /// <summary>Null when the client acts for itself.</summary>
    public required Guid? GrantId { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> Audience { get; init; }
    public required DateTimeOffset IssuedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What stands behind a token that comes back.</summary>
/// <param name="Revoked">The grant was revoked, or this one token.</param>
/// <param name="UserInfoClaims">The claims that were asked for one by one.</param>
public sealed record LiveGrant(SubjectSnapshot Person, bool Revoked, bool SessionEnded, IReadOnlyList<string> UserInfoClaims)
{
    public bool Stands => this is { Revoked: false, SessionEnded: false, Person.Enabled: true };
}

/// <summary>A reference token with what stands behind it; both null when there is no grant, or none any more.</summary>
public sealed record FoundReferenceToken(ReferenceToken Token, Grant? Grant, LiveGrant? State);

/// <summary>A refresh token that was looked at, not taken.</summary>
/// <param name="ExpiresAt">When it dies if nobody uses it.</param>
public sealed record SeenRefreshToken(Grant Grant, LiveGrant State, DateTimeOffset ExpiresAt, bool Rotated);

/// <summary>Tokens that come back. Every method is one round trip; failure of the database is <see cref="StoreUnavailableException"/>.</summary>
public interface ITokenStore
{
    Task StoreAsync(ReferenceToken token, CancellationToken cancellation);

    Task<FoundReferenceToken?> FindReferenceTokenAsync(byte[] hash, CancellationToken cancellation);

    Task<SeenRefreshToken?> FindRefreshTokenAsync(byte[] hash, CancellationToken cancellation);

    /// <summary>What stands behind a signed access token.</summary>
    /// <param name="idHash">Of its <c>jti</c>, by which it alone may have been revoked.</param>
    Task<LiveGrant?> FindGrantAsync(Guid grantId, byte[] idHash, CancellationToken cancellation);

    /// <summary>Whether a signed access token without a grant was revoked.</summary>
    Task<bool> IsRevokedAsync(byte[] idHash, CancellationToken cancellation);

    /// <summary>RFC 7009 §2.1: the grant of the client's refresh token dies and everything made from it, on record. Another client's is left alone.</summary>
    Task RevokeRefreshTokenAsync(byte[] hash, string clientId, DateTimeOffset now, CancellationToken cancellation);

    Task RevokeReferenceTokenAsync(byte[] hash, string clientId, CancellationToken cancellation);

    /// <summary>A signed access token dies alone. It is remembered until it would have expired.</summary>
    Task RevokeAccessTokenAsync(byte[] idHash, DateTimeOffset expiresAt, CancellationToken cancellation);
}
