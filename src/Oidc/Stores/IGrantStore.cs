// RFC 6749 §4.1 and §6: codes, grants and refresh tokens at rest. Verbs are the protocol's; "at most once" is decided by one statement.
namespace Oidc;

/// <summary>
/// A grant: what one person allowed one client in one sign-in. It is the family of its refresh tokens and the thing that revocation hits.
/// </summary>
public sealed record Grant
{
    public required Guid Id { get; init; }
    public required string ClientId { get; init; }
    public required string Subject { get; init; }
    public required string SessionId { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>RFC 8707 §2: the resources asked for at the authorization endpoint; empty when none was named.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>OpenID Connect Core §5.5: claims about the person that were asked for one by one, for the ID token.</summary>
    public IReadOnlyList<string> IdTokenClaims { get; init; } = [];

    /// <summary>The same for userinfo.</summary>
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];

    public required DateTimeOffset AuthenticatedAt { get; init; }
    public required string Acr { get; init; }
    public required IReadOnlyList<string> Amr { get; init; }
}

/// <summary>An authorization code as stored: its handle's hash and all it is bound to (RFC 6749 §4.1.2, RFC 7636 §4.4).</summary>
public sealed record AuthorizationCode
{
    public required byte[] Hash { get; init; }
    public required Grant Grant { get; init; }
    public required string RedirectUri { get; init; }
    public string? Nonce { get; init; }
    public string? CodeChallenge { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A code to be stored.</summary>
/// <param name="NeedsConsent">It may be stored only while the person's consent to this client stands.</param>
public sealed record NewAuthorizationCode(AuthorizationCode Code, bool NeedsConsent, DateTimeOffset Now);

/// <summary>A code together with everything that decides whether it may still be redeemed, read at one instant.</summary>
/// <param name="RedeemedAt">Set once the code was used: a second use revokes the grant.</param>
/// <param name="SessionEnded">The session it came from was ended (not merely expired).</param>
public sealed record FoundCode(AuthorizationCode Code, DateTimeOffset? RedeemedAt, bool SessionEnded, SubjectSnapshot Person);

/// <summary>A refresh token to be stored.</summary>
/// <param name="IdleUntil">Unused until then it dies; moved on by use, never past <paramref name="ExpiresAt"/>.</param>
public sealed record NewRefreshToken(byte[] Hash, DateTimeOffset IdleUntil, DateTimeOffset ExpiresAt);

/// <summary>One refresh (RFC 6749 §6), with the successor already computed so that the store needs one statement.</summary>
public sealed record RefreshAttempt
{
    public required byte[] Hash { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The narrower scope asked for, or null for all that was granted.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>
    /// RFC 8707 §2.2: the resources named in this request. Each must be one of <see cref="Grant.Resources"/>, unless that is empty; they are also
    /// part of what makes two requests the same.
    /// </summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>Of each named resource, in the same order, the scopes the client may hold: at least one of each must have been granted (RFC 8707 §2.2).</summary>
    public required IReadOnlyList<IReadOnlyList<string>> ResourceScopes { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>How long an unused token lives.</summary>
    public required TimeSpan Idle { get; init; }

    /// <summary>For a rotating client: the nonce drawn now, and the hash of HMAC(key, token ‖ nonce). Null: the token stays.</summary>
    public RefreshSuccessor? Successor { get; init; }
}

/// <summary>What a rotation stores: the nonce it drew, the version of the key it used, and the hash of the token that came out.</summary>
public sealed record RefreshSuccessor(byte[] Nonce, int KeyVersion, byte[] Hash);

/// <summary>The row behind a presented refresh token as the one statement saw it, and whether that statement rotated it.</summary>
public sealed record FoundRefreshToken
{
    public required Grant Grant { get; init; }
    public required SubjectSnapshot Person { get; init; }
    public required DateTimeOffset IdleUntil { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public required bool GrantRevoked { get; init; }
    public required bool SessionEnded { get; init; }

    /// <summary>True when this call took the token: it was live, the client's own, and every condition held.</summary>
    public required bool Accepted { get; init; }

    /// <summary>Set when an earlier call already rotated it.</summary>
    public EarlierRotation? Rotated { get; init; }
}

/// <summary>What an earlier rotation left on the row: enough to answer an honest retry with the very same successor.</summary>
/// <param name="Nonce">With the presented token it gives the successor again.</param>
/// <param name="SameRequest">This request names the same scope and resource as the one that rotated.</param>
public sealed record EarlierRotation(DateTimeOffset At, byte[] Nonce, int KeyVersion, bool SuccessorUsed, bool SameRequest);

/// <summary>Codes, grants and refresh tokens. Every method is one round trip; failure of the database is <see cref="StoreUnavailableException"/>.</summary>
public interface IGrantStore
{
    /// <summary>Stores a code. False: it needs a consent, and that was withdrawn since it was read.</summary>
    Task<bool> StoreCodeAsync(NewAuthorizationCode code, CancellationToken cancellation);

    Task<FoundCode?> FindCodeAsync(byte[] hash, CancellationToken cancellation);

    /// <summary>Marks the code used and creates its grant and first refresh token, together or not at all. False: somebody else was first.</summary>
    Task<bool> RedeemCodeAsync(AuthorizationCode code, NewRefreshToken? refreshToken, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>
    /// Finds the token and, when it is live, belongs to the client and covers scopes and resources, takes it: rotates it to the successor, or moves
    /// its idle end when there is none. 200 parallel calls with one token rotate it once.
    /// </summary>
    Task<FoundRefreshToken?> RefreshAsync(RefreshAttempt attempt, CancellationToken cancellation);

    /// <summary>RFC 6749 §4.1.2: a code came a second time. Its grant dies, and this is written to the audit in the same transaction.</summary>
    Task RevokeForCodeReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>RFC 9700 §4.14.2: a rotated refresh token came again after its grace. All grants of its session die, audited in the same transaction.</summary>
    Task RevokeForRefreshReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>A refresh token came again within its grace but not as an honest retry: nothing dies, but it is on record.</summary>
    Task RecordRefreshReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>The store cannot be reached. The endpoint answers 503 with Retry-After; nothing was issued.</summary>
public sealed class StoreUnavailableException(string message, Exception inner) : Exception(message, inner);
