using Npgsql;
using Oidc;

namespace IdentityProvider;

public sealed partial class GrantStore
{
    // Every condition of RFC 6749 §6, RFC 8707 §2.2 and design §3, judged before anything is changed. The scopes in force are those named, or all
    // that were granted; of each resource named one of them must be among its scopes.
    private const string Acceptable = """
        g.client_id = $2 and t.rotated_at is null and t.idle_until > $3 and t.expires_at > $3
                and g.revoked_at is null and s.ended_at is null and p.disabled_at is null
                and ($4::text[] is null or $4 <@ g.scopes)
                and (g.resources = '{}' or $5 <@ g.resources)
                and not exists (select from unnest($6::text[]) named (scopes) where not string_to_array(named.scopes, ' ') && coalesce($4, g.scopes))
        """;

    private const string Found = $"""
        {GrantColumns.OfGrant}, {SubjectProjection.Columns}, t.idle_until, t.expires_at, g.revoked_at is not null as revoked, s.ended_at is not null as ended
        """;

    // FOR UPDATE makes parallel statements with one token wait for each other and then gives each the newest version of the row, so all but the
    // first see the rotation and change nothing. Of everything else they see what stood when they began; above all, a successor that was inserted
    // while they waited is not there for them yet. So a successor that cannot be seen was unused when this request came, which is what a retry asks.
    // A revocation that commits while it runs counts as later than the request: the successor it leaves behind belongs to a dead grant.
    internal const string RotateSql = $"""
        with t as materialized (
            select hash, grant_id, idle_until, expires_at, rotated_at, rotated_scopes, rotated_resources, successor_nonce, successor_key, successor_hash
            from refresh_tokens where hash = $1 for update
        ), found as materialized (
            select {Found}, {Acceptable} as accepted,
                t.rotated_at, t.successor_nonce, t.successor_key, t.rotated_scopes is not distinct from $4 and t.rotated_resources = $5 as same_request, t.successor_hash
            from t join grants g on g.id = t.grant_id join sessions s on s.id = g.session_id join people p on p.id = g.person_id
        ), rotated as (
            update refresh_tokens set rotated_at = $3, rotated_scopes = $4, rotated_resources = $5, successor_nonce = $8, successor_key = $9, successor_hash = $10
            where hash = $1 and (select accepted from found)
        ), successor as (
            insert into refresh_tokens (hash, grant_id, idle_until, expires_at) select $10, grant_id, least($7, expires_at), expires_at from found where accepted
        )
        select found.*, coalesce(next.rotated_at is not null, false) from found left join refresh_tokens next on next.hash = found.successor_hash
        """;

    // Takes no lock: nothing here may happen only once. The idle end moves when that gains a 24th of the idle time ($8), so most refreshes write nothing;
    // two that move it at once write the same. A client that rotated until lately may still hold rotated tokens; they stay refused.
    private const string KeepSql = $"""
        with found as materialized (
            select {Found}, {Acceptable} as accepted, t.rotated_at, t.successor_nonce, t.successor_key,
                t.rotated_scopes is not distinct from $4 and t.rotated_resources = $5 as same_request, t.successor_hash
            from refresh_tokens t join grants g on g.id = t.grant_id join sessions s on s.id = g.session_id join people p on p.id = g.person_id
            where t.hash = $1
        ), moved as (
            update refresh_tokens set idle_until = least($7, expires_at)
            where hash = $1 and rotated_at is null and (select accepted and idle_until < $8 and idle_until < expires_at from found)
        )
        select found.*, coalesce(next.rotated_at is not null, false) from found left join refresh_tokens next on next.hash = found.successor_hash
        """;

    public Task<FoundRefreshToken?> RefreshAsync(RefreshAttempt attempt, CancellationToken cancellation)
    {
        var idleUntil = attempt.Now + attempt.Idle;
        var statement = new Statement(database, attempt.Successor is null ? KeepSql : RotateSql)
            .With(attempt.Hash).With(attempt.ClientId).With(attempt.Now)
            .With(Sorted(attempt.Scopes)).With(Sorted(attempt.Resources)).With([.. attempt.ResourceScopes.Select(scopes => string.Join(' ', scopes))])
            .With(idleUntil);
        statement = attempt.Successor is { } successor
            ? statement.With(successor.Nonce).With((int?)successor.KeyVersion).With(successor.Hash)
            : statement.With(idleUntil - (attempt.Idle / 24));
        return statement.ReadAsync(ReadRefreshToken, cancellation);
    }

    private static FoundRefreshToken ReadRefreshToken(NpgsqlDataReader row)
    {
        const int Token = GrantColumns.Width + SubjectProjection.Width, Rotation = Token + 5;
        var grant = GrantColumns.Read(row, 0);
        return new FoundRefreshToken
        {
            Grant = grant,
            Person = SubjectProjection.Read(row, GrantColumns.Width, withClaims: grant.IdTokenClaims.Count > 0),
            IdleUntil = row.GetFieldValue<DateTimeOffset>(Token),
            ExpiresAt = row.GetFieldValue<DateTimeOffset>(Token + 1),
            GrantRevoked = row.GetBoolean(Token + 2),
            SessionEnded = row.GetBoolean(Token + 3),
            Accepted = row.GetBoolean(Token + 4),
            Rotated = row.IsDBNull(Rotation)
                ? null
                : new EarlierRotation(
                    row.GetFieldValue<DateTimeOffset>(Rotation), row.GetFieldValue<byte[]>(Rotation + 1), row.GetInt32(Rotation + 2),
                    SuccessorUsed: row.GetBoolean(Rotation + 5), SameRequest: row.GetBoolean(Rotation + 3)),
        };
    }

    // Two requests are the same when they name the same things, in whatever order.
    private static string[]? Sorted(IReadOnlyList<string>? names)
    {
        if (names is null)
        {
            return null;
        }

        if (names.Count == 0)
        {
            return [];
        }

        var sorted = names.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        return sorted;
    }
}
