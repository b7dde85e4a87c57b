using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>Tokens that come back, on PostgreSQL, each method one statement. What reads takes no lock: a revocation that commits meanwhile counts as later.</summary>
public sealed class TokenStore(NpgsqlDataSource database) : ITokenStore
{
    private const string State = $"{SubjectProjection.Columns}, g.revoked_at is not null, s.ended_at is not null, g.userinfo_claims";

    private const string StoreSql = """
        insert into reference_tokens (hash, client_id, grant_id, scopes, audience, issued_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string FindReferenceSql = $"""
        select {GrantColumns.OfGrant}, {State}, r.client_id, r.grant_id, r.scopes, r.audience, r.issued_at, r.expires_at
        from reference_tokens r left join grants g on g.id = r.grant_id left join sessions s on s.id = g.session_id left join people p on p.id = g.person_id
        where r.hash = $1
        """;

    private const string FindRefreshSql = $"""
        select {GrantColumns.OfGrant}, {State}, least(t.idle_until, t.expires_at), t.rotated_at is not null
        from refresh_tokens t join grants g on g.id = t.grant_id join sessions s on s.id = g.session_id join people p on p.id = g.person_id
        where t.hash = $1
        """;

    internal const string FindGrantSql = $"""
        select {State}, exists (select from revoked_access_tokens x where x.hash = $2)
        from grants g join sessions s on s.id = g.session_id join people p on p.id = g.person_id
        where g.id = $1
        """;

    private const string IsRevokedSql = "select 1 from revoked_access_tokens where hash = $1";

    // Whoever comes first revokes and writes the audit in the same statement; whoever comes second sees it revoked and does nothing.
    internal const string RevokeRefreshSql = """
        with revoked as (
            update grants g set revoked_at = $3, revoked_reason = 'revoked_by_client' from refresh_tokens t
            where t.hash = $1 and g.id = t.grant_id and g.client_id = $2 and g.revoked_at is null returning g.id, g.person_id, g.client_id, g.session_id
        )
        insert into audit (at, event, person_id, client_id, details)
        select $3, 'grant.revoked', person_id, client_id, jsonb_build_object('grant', id, 'session', session_id) from revoked
        """;

    private const string RevokeReferenceSql = "delete from reference_tokens where hash = $1 and client_id = $2";

    private const string RevokeAccessSql = "insert into revoked_access_tokens (hash, expires_at) values ($1, $2) on conflict (hash) do nothing";

    public Task StoreAsync(ReferenceToken token, CancellationToken cancellation) => new Statement(database, StoreSql)
        .With(token.Hash).With(token.ClientId).With(token.GrantId).With(token.Scopes).With(token.Audience).With(token.IssuedAt).With(token.ExpiresAt)
        .ExecuteAsync(cancellation);

    public Task<FoundReferenceToken?> FindReferenceTokenAsync(byte[] hash, CancellationToken cancellation) =>
        new Statement(database, FindReferenceSql).With(hash).ReadAsync(row => ReadReferenceToken(row, hash), cancellation);

    public Task<SeenRefreshToken?> FindRefreshTokenAsync(byte[] hash, CancellationToken cancellation)
    {
        const int After = GrantColumns.Width + StateWidth;
        return new Statement(database, FindRefreshSql).With(hash).ReadAsync(
            static row => new SeenRefreshToken(GrantColumns.Read(row, 0), ReadState(row, GrantColumns.Width, withClaims: false), row.GetFieldValue<DateTimeOffset>(After), row.GetBoolean(After + 1)),
            cancellation);
    }

    public Task<LiveGrant?> FindGrantAsync(Guid grantId, byte[] idHash, CancellationToken cancellation) =>
        new Statement(database, FindGrantSql).With(grantId).With(idHash).ReadAsync(
            static row => ReadState(row, 0, withClaims: true) is var state && row.GetBoolean(StateWidth) ? state with { Revoked = true } : state,
            cancellation);

    public async Task<bool> IsRevokedAsync(byte[] idHash, CancellationToken cancellation) =>
        await new Statement(database, IsRevokedSql).With(idHash).ReadAsync(static _ => "", cancellation) is not null;

    public Task RevokeRefreshTokenAsync(byte[] hash, string clientId, DateTimeOffset now, CancellationToken cancellation) =>
        new Statement(database, RevokeRefreshSql).With(hash).With(clientId).With(now).ExecuteAsync(cancellation);

    public Task RevokeReferenceTokenAsync(byte[] hash, string clientId, CancellationToken cancellation) =>
        new Statement(database, RevokeReferenceSql).With(hash).With(clientId).ExecuteAsync(cancellation);

    public Task RevokeAccessTokenAsync(byte[] idHash, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        new Statement(database, RevokeAccessSql).With(idHash).With(expiresAt).ExecuteAsync(cancellation);

    private const int StateWidth = SubjectProjection.Width + 3;

    private static LiveGrant ReadState(NpgsqlDataReader row, int first, bool withClaims) =>
        new(SubjectProjection.Read(row, first, withClaims), row.GetBoolean(first + SubjectProjection.Width), row.GetBoolean(first + SubjectProjection.Width + 1),
            GrantColumns.Claims(row, first + SubjectProjection.Width + 2));

    private static FoundReferenceToken ReadReferenceToken(NpgsqlDataReader row, byte[] hash)
    {
        const int Token = GrantColumns.Width + StateWidth;
        var hasGrant = !row.IsDBNull(0);
        return new FoundReferenceToken(
            new ReferenceToken
            {
                Hash = hash,
                ClientId = row.GetString(Token),
                GrantId = row.IsDBNull(Token + 1) ? null : row.GetGuid(Token + 1),
                Scopes = row.GetFieldValue<string[]>(Token + 2),
                Audience = row.GetFieldValue<string[]>(Token + 3),
                IssuedAt = row.GetFieldValue<DateTimeOffset>(Token + 4),
                ExpiresAt = row.GetFieldValue<DateTimeOffset>(Token + 5),
            },
            hasGrant ? GrantColumns.Read(row, 0) : null,
            hasGrant ? ReadState(row, GrantColumns.Width, withClaims: true) : null);
    }
}
