using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Codes, grants and refresh tokens on PostgreSQL, each method one statement. The statements run under READ COMMITTED, outside any transaction but
/// their own; beside each stands why that is enough. None of them asks the server for the time.
/// </summary>
public sealed partial class GrantStore(NpgsqlDataSource database, OidcOptions options) : IGrantStore
{
    // Whoever comes first revokes and writes the audit in the same statement; a parallel second waits for the row, sees it revoked and does nothing.
    // The client is told that the sign-in it took the code for is over: it cannot know which of the two who came was its own.
    private static readonly string RevokeForCodeReuseSql = $"""
        with revoked as (
            update grants set revoked_at = $2, revoked_reason = 'code_reused' where id = $1 and revoked_at is null returning id, person_id, client_id, session_id
        ), {LogoutQueue.EnqueueSql("revoked", "$2")}
        insert into audit (at, event, person_id, client_id, details)
        select $2, 'code.reused', person_id, client_id, jsonb_build_object('grant', id, 'session', session_id) from revoked
        """;

    // A grant that is made in this session while the statement runs is not seen by it. It cannot be the thief's: making one takes a code, and
    // a code takes the browser session, which the thief of a refresh token does not have.
    private static readonly string RevokeForRefreshReuseSql = $"""
        with revoked as (
            update grants set revoked_at = $2, revoked_reason = 'refresh_reused' where session_id = $1 and revoked_at is null returning id, person_id, client_id, session_id
        ), {LogoutQueue.EnqueueSql("revoked", "$2")}
        insert into audit (at, event, person_id, client_id, details)
        select $2, 'refresh.reused', $3, $4, jsonb_build_object('session', $1, 'grants', count(*)) from revoked having count(*) > 0
        """;

    private const string RecordRefreshReuseSql = """
        insert into audit (at, event, person_id, client_id, details)
        values ($1, 'refresh.replayed', $2, $3, jsonb_build_object('grant', $4, 'session', $5))
        """;

    public Task RevokeForCodeReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation) =>
        new Statement(database, RevokeForCodeReuseSql).With(grant.Id).With(now).ExecuteAsync(cancellation);

    public Task RevokeForRefreshReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation) =>
        new Statement(database, RevokeForRefreshReuseSql).With(grant.SessionId).With(now).With(Guid.Parse(grant.Subject)).With(grant.ClientId).ExecuteAsync(cancellation);

    public Task RecordRefreshReuseAsync(Grant grant, DateTimeOffset now, CancellationToken cancellation) =>
        new Statement(database, RecordRefreshReuseSql)
            .With(now).With(Guid.Parse(grant.Subject)).With(grant.ClientId).With(grant.Id).With(grant.SessionId).ExecuteAsync(cancellation);
}
