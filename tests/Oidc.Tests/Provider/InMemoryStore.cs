using Jose;

namespace Oidc.Tests;

/// <summary>
/// Codes, grants, refresh tokens, sessions and people in memory, each call one atomic step, as the contracts of <see cref="IGrantStore"/>
/// and <see cref="ISessionStore"/> demand of the real ones.
/// </summary>
public sealed class InMemoryStore : IGrantStore, ISessionStore, ITokenStore, IAssertionStore, IClientKeys
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Code> _codes = [];
    private readonly Dictionary<string, Token> _tokens = [];
    private readonly Dictionary<Guid, Grant> _grants = [];
    private readonly HashSet<Guid> _revoked = [];
    private readonly HashSet<string> _endedSessions = [];
    private readonly Dictionary<string, string> _replacedBy = [];
    private readonly Dictionary<string, SubjectSnapshot> _people = [];
    private readonly HashSet<string> _usedAssertions = [];
    private readonly Dictionary<(string Subject, string ClientId), Consent?> _consents = [];
    private readonly Dictionary<string, ReferenceToken> _references = [];
    private readonly HashSet<string> _revokedAccessTokens = [];

    /// <summary>Security events, in their order.</summary>
    public List<string> Audit { get; } = [];

    /// <summary>Round trips so far.</summary>
    public int RoundTrips { get; private set; }

    /// <summary>True: nobody answers.</summary>
    public bool IsAway { get; set; }

    /// <summary>What every <c>jwks_uri</c> shows at first, and when it is read again.</summary>
    public JwkSet? RemoteKeys { get; set; }

    public JwkSet? NewerRemoteKeys { get; set; }
    /// <summary>True: a consent is withdrawn after it was read and before the code is stored.</summary>
    public bool WithdrawsBeforeCodes { get; set; }

    public int CodeCount => _codes.Count;

    public int RefreshTokenCount => _tokens.Count;

    public void Put(SubjectSnapshot person) => _people[person.Subject] = person;

    /// <summary>Clients whose grants outlive sign-outs.</summary>
    public HashSet<string> SurvivingClients { get; } = [];

    /// <summary>The person signed in once more in the same browser.</summary>
    public void Replace(string earlierId, string currentId) => _replacedBy[earlierId] = currentId;

    public bool IsEnded(string sessionId) => _endedSessions.Contains(sessionId);

    public bool IsEnabled(string subject) => _people[subject].Enabled;

    public Grant TheGrant => _grants.Values.ShouldHaveSingleItem();

    public bool IsRevoked(Grant grant) => _revoked.Contains(grant.Id);

    /// <summary>A person allows a client something, or nothing any more.</summary>
    public void Put(string subject, string clientId, Consent? consent) => _consents[(subject, clientId)] = consent;

    public Consent? ConsentOf(string subject, string? clientId) => clientId is null ? null : _consents.GetValueOrDefault((subject, clientId));

    public Task<bool> StoreCodeAsync(NewAuthorizationCode code, CancellationToken cancellation) => Step(() =>
    {
        var grant = code.Code.Grant;
        if (code.NeedsConsent && (WithdrawsBeforeCodes || _consents.GetValueOrDefault((grant.Subject, grant.ClientId)) is null))
        {
            return false;
        }

        _codes.Add(Key(code.Code.Hash), new Code(code.Code));
        return true;
    });

    public Task<FoundCode?> FindCodeAsync(byte[] hash, CancellationToken cancellation) => Step(() =>
        _codes.GetValueOrDefault(Key(hash)) is { } code
            ? new FoundCode(code.Stored, code.RedeemedAt, _endedSessions.Contains(code.Stored.Grant.SessionId), _people[code.Stored.Grant.Subject])
            : null);

    public Task<bool> RedeemCodeAsync(AuthorizationCode code, NewRefreshToken? refreshToken, DateTimeOffset now, CancellationToken cancellation) => Step(() =>
    {
        var stored = _codes[Key(code.Hash)];
        if (stored.RedeemedAt is not null)
        {
            return false;
        }

        stored.RedeemedAt = now;
        _grants.Add(code.Grant.Id, code.Grant);
        if (refreshToken is not null)
        {
            _tokens.Add(Key(refreshToken.Hash), new Token(this, code.Grant.Id, refreshToken.IdleUntil, refreshToken.ExpiresAt));
        }

        return true;
    });

    public Task<FoundRefreshToken?> RefreshAsync(RefreshAttempt attempt, CancellationToken cancellation) => Step(() =>
    {
        if (!_tokens.TryGetValue(Key(attempt.Hash), out var token))
        {
            return null;
        }

        var found = new FoundRefreshToken
        {
            Grant = token.Grant,
            Person = _people[token.Grant.Subject],
            IdleUntil = token.IdleUntil,
            ExpiresAt = token.ExpiresAt,
            GrantRevoked = _revoked.Contains(token.Grant.Id),
            SessionEnded = _endedSessions.Contains(token.Grant.SessionId),
            Accepted = IsTaken(token, attempt),
            Rotated = token.Rotation is { } rotation
                ? new EarlierRotation(rotation.At, rotation.By.Nonce, rotation.By.KeyVersion, _tokens[Key(rotation.By.Hash)].Rotation is not null, rotation.Request == Request(attempt))
                : null,
        };
        if (found.Accepted)
        {
            Take(token, attempt);
        }

        return found;
    });

    public Task<LiveGrant?> FindGrantAsync(Guid grantId, byte[] idHash, CancellationToken cancellation) => Step(() =>
        StateOf(grantId) is { } state && _revokedAccessTokens.Contains(Key(idHash)) ? state with { Revoked = true } : StateOf(grantId));

    public Task<bool> IsRevokedAsync(byte[] idHash, CancellationToken cancellation) => Step(() => _revokedAccessTokens.Contains(Key(idHash)));

    public Task StoreAsync(ReferenceToken token, CancellationToken cancellation) => Step(() => _references.Add(Key(token.Hash), token));

    public Task<FoundReferenceToken?> FindReferenceTokenAsync(byte[] hash, CancellationToken cancellation) => Step(() =>
        _references.GetValueOrDefault(Key(hash)) is { } token
            ? new FoundReferenceToken(token, token.GrantId is { } id ? _grants.GetValueOrDefault(id) : null, token.GrantId is { } grantId ? StateOf(grantId) : null)
            : null);

    public Task<SeenRefreshToken?> FindRefreshTokenAsync(byte[] hash, CancellationToken cancellation) => Step(() =>
        _tokens.GetValueOrDefault(Key(hash)) is { } token
            ? new SeenRefreshToken(token.Grant, StateOf(token.Grant.Id)!, token.IdleUntil < token.ExpiresAt ? token.IdleUntil : token.ExpiresAt, token.Rotation is not null)
            : null);

    public Task RevokeRefreshTokenAsync(byte[] hash, string clientId, DateTimeOffset now, CancellationToken cancellation) => Step(() =>
    {
        if (_tokens.GetValueOrDefault(Key(hash)) is { } token && token.Grant.ClientId == clientId && _revoked.Add(token.Grant.Id))
        {
            Audit.Add("grant revoked by its client");
        }
    });

    public Task RevokeReferenceTokenAsync(byte[] hash, string clientId, CancellationToken cancellation) => Step(() =>
    {
        if (_references.GetValueOrDefault(Key(hash))?.ClientId == clientId)
        {
            _references.Remove(Key(hash));
        }
    });

    public Task RevokeAccessTokenAsync(byte[] idHash, DateTimeOffset expiresAt, CancellationToken cancellation) => Step(() => _revokedAccessTokens.Add(Key(idHash)));

    public Task RevokeForCodeReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation) => Step(() =>
    {
        _revoked.Add(grant.Id);
        Audit.Add("code reuse");
    });

    public Task RevokeForRefreshReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation) => Step(() =>
    {
        _revoked.UnionWith(_grants.Values.Where(other => other.SessionId == grant.SessionId).Select(other => other.Id));
        Audit.Add("refresh reuse, session's grants revoked");
    });

    public Task RecordRefreshReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation) => Step(() => Audit.Add("refresh reuse"));

    public Task<IReadOnlyList<Participation>> EndAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation) => Step<IReadOnlyList<Participation>>(() =>
    {
        var latest = _replacedBy.GetValueOrDefault(sessionId, sessionId);
        string[] ended = [.. _replacedBy.Where(pair => pair.Value == latest).Select(pair => pair.Key).Append(latest).Where(_endedSessions.Add)];
        var grants = _grants.Values.Where(grant => ended.Contains(grant.SessionId)).ToArray();
        foreach (var kept in grants.Where(grant => SurvivingClients.Contains(grant.ClientId)))
        {
            _grants[kept.Id] = kept with { SessionId = "after-" + latest };
        }

        return [.. grants.Select(grant => new Participation(grant.ClientId, grant.SessionId, SurvivingClients.Contains(grant.ClientId))).Distinct()];
    });

    public Task<bool> IsReplacedAsync(string earlierId, string currentId, CancellationToken cancellation) =>
        Step(() => _replacedBy.GetValueOrDefault(earlierId) == currentId && !_endedSessions.Contains(earlierId));

    public Task<bool> UseAsync(byte[] hash, DateTimeOffset expiresAt, CancellationToken cancellation) => Step(() => _usedAssertions.Add(Key(hash)));

    public ValueTask<JwkSet?> GetAsync(Client client, CancellationToken cancellation) => ValueTask.FromResult(client.KeysUri is null ? client.Keys : RemoteKeys);

    public ValueTask<JwkSet?> GetNewerAsync(Client client, JwkSet known, CancellationToken cancellation) =>
        ValueTask.FromResult(client.KeysUri is null || ReferenceEquals(known, NewerRemoteKeys) ? null : NewerRemoteKeys);

    private LiveGrant? StateOf(Guid grantId) => _grants.TryGetValue(grantId, out var grant)
        ? new LiveGrant(_people[grant.Subject], _revoked.Contains(grantId), _endedSessions.Contains(grant.SessionId), grant.UserInfoClaims)
        : null;

    private bool IsTaken(Token token, RefreshAttempt attempt) =>
        token.Grant.ClientId == attempt.ClientId
        && token.Rotation is null
        && attempt.Now < token.ExpiresAt
        && attempt.Now < token.IdleUntil
        && !_revoked.Contains(token.Grant.Id)
        && !_endedSessions.Contains(token.Grant.SessionId)
        && _people[token.Grant.Subject].Enabled
        && (attempt.Scopes ?? []).All(token.Grant.Scopes.Contains)
        && attempt.ResourceScopes.All(scopes => scopes.Any(token.Grant.Scopes.Contains))
        && (token.Grant.Resources.Count == 0 || attempt.Resources.All(token.Grant.Resources.Contains));

    private void Take(Token token, RefreshAttempt attempt)
    {
        var idleUntil = attempt.Now + attempt.Idle < token.ExpiresAt ? attempt.Now + attempt.Idle : token.ExpiresAt;
        if (attempt.Successor is not { } successor)
        {
            token.IdleUntil = idleUntil;
            return;
        }

        token.Rotation = new Rotation(attempt.Now, successor, Request(attempt));
        _tokens.Add(Key(successor.Hash), new Token(this, token.Grant.Id, idleUntil, token.ExpiresAt));
    }

    private Task<bool> Step(Action act) => Step(() =>
    {
        act();
        return true;
    });

    private Task<T> Step<T>(Func<T> act)
    {
        lock (_gate)
        {
            RoundTrips++;
            return IsAway ? throw new StoreUnavailableException("away", new TimeoutException()) : Task.FromResult(act());
        }
    }

    private static string Request(RefreshAttempt attempt) => $"{string.Join(' ', attempt.Scopes ?? ["(all)"])}|{string.Join(' ', attempt.Resources)}";

    private static string Key(byte[] hash) => Convert.ToHexString(hash);

    private sealed class Code(AuthorizationCode stored)
    {
        public AuthorizationCode Stored => stored;

        public DateTimeOffset? RedeemedAt { get; set; }
    }

    private sealed class Token(InMemoryStore store, Guid grantId, DateTimeOffset idleUntil, DateTimeOffset expiresAt)
    {
        public Grant Grant => store._grants[grantId];

        public DateTimeOffset IdleUntil { get; set; } = idleUntil;

        public DateTimeOffset ExpiresAt => expiresAt;

        public Rotation? Rotation { get; set; }
    }

    private sealed record Rotation(DateTimeOffset At, RefreshSuccessor By, string Request);
}
