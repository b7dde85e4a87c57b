using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using Oidc;

namespace IdentityProvider;

/// <summary>Why a session was ended.</summary>
public enum EndReason
{
    /// <summary>The person signed out, here or from an application.</summary>
    Logout,

    /// <summary>The person ended it from another device.</summary>
    RevokedByPerson,
    RevokedByAdministrator,
    PasswordChanged,
    PasswordReset,
    Disabled,
}

/// <summary>
/// Ends sessions on PostgreSQL. Whatever ends one does in the same statement all that follows from it: its grants are dead, whoever registered for it is going
/// to be told (Back-Channel Logout 1.0), and it is on record. So a provider that is killed has done all of it or nothing.
/// </summary>
public sealed class SessionEnding(NpgsqlDataSource database, LogoutQueue queue) : ISessionStore
{
    // Sessions that followed each other in one browser are one to their person; replaced_by always names the latest. Rows are locked in one order, so
    // that two who end the same sessions wait for each other instead of dying of a deadlock.
    private const string OneSql = """
        target as materialized (
            select s.id from sessions s join (select coalesce(replaced_by, id) as id from sessions where id = $1 and ($4::uuid is null or person_id = $4)) latest
                on s.id = latest.id or s.replaced_by = latest.id
            where s.ended_at is null order by s.id for update of s)
        """;

    private const string AllSql = """
        target as materialized (
            select id from sessions where person_id = $4 and ended_at is null and id <> $1 and replaced_by is distinct from $1 order by id for update)
        """;

    private const string EndedSql = """
        ended as materialized (
            update sessions s set ended_at = $2, ended_reason = $3 from target where s.id = target.id returning s.*)
        """;

    // What survives a sign-out goes on in a session of its own, which no browser can use: no cookie has that secret, and it expired as it was made.
    private const string KeptSql = """
        kept as materialized (
            select g.id, g.client_id, g.session_id from grants g join ended e on e.id = g.session_id join clients c on c.id = g.client_id
            where c.survives_logout and c.enabled and g.revoked_at is null and g.expires_at > $2 and 'offline_access' = any (g.scopes)),
        heir as (
            insert into sessions (id, secret_hash, person_id, surface, client_id, device_label, address, acr, amr,
                authenticated_at, created_at, last_seen_at, idle_until, expires_at, remembered)
            select $5, $6, person_id, surface, client_id, device_label, address, acr, amr, authenticated_at, created_at, last_seen_at, $2, $2, false
            from ended where exists (select from kept) order by created_at desc limit 1
            returning id),
        moved as (
            update grants g set session_id = heir.id from kept, heir where g.id = kept.id)
        """;

    private static readonly string EndOneSql = $"with {OneSql}, {EndedSql}, {ConsequencesSql("$2", "$3")} select id from ended";

    private static readonly string EndAllSql = $"with {AllSql}, {EndedSql}, {ConsequencesSql("$2", "$3")} select id from ended";

    private static readonly string LogOutSql = $"""
        with {OneSql}, {EndedSql}, {KeptSql}, {ConsequencesSql("$2", "$3")}
        select e.id, p.client_id, exists (select from kept k where k.session_id = p.session_id and k.client_id = p.client_id)
        from ended e left join parties p on p.session_id = e.id order by p.client_id, e.id
        """;

    private const string IsReplacedSql = "select id from sessions where id = $1 and replaced_by = $2 and ended_at is null";

    /// <summary>
    /// What follows from the rows of a part named <c>ended</c>, which has id and person_id: a notice to each client that took part, and a line in the
    /// audit. Who took part is in <c>parties</c>: every client that was granted anything in the session, also when that is dead by now.
    /// </summary>
    internal static string ConsequencesSql(string now, string reason) => $"""
        parties as materialized (
            select distinct g.client_id, g.session_id, g.person_id from grants g join ended e on e.id = g.session_id),
        {LogoutQueue.EnqueueSql("parties", now)},
        audited as (
            insert into audit (at, event, person_id, details)
            select {now}, 'session.ended', person_id, jsonb_build_object('session', id, 'reason', {reason}::text) from ended)
        """;

    public async Task<IReadOnlyList<Participation>> EndAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation)
    {
        var parties = await new Statement(database, LogOutSql)
            .With(sessionId).With(now).With(NameOf(EndReason.Logout)).With((Guid?)null).With(Guid.CreateVersion7(now).ToString("N")).With(RandomNumberGenerator.GetBytes(32))
            .ListAsync(static row => row.IsDBNull(1) ? null : new Participation(row.GetString(1), row.GetString(0), row.GetBoolean(2)), cancellation);
        queue.Wake();
        return [.. parties.OfType<Participation>()];
    }

    public async Task<bool> IsReplacedAsync(string earlierId, string currentId, CancellationToken cancellation) =>
        await new Statement(database, IsReplacedSql).With(earlierId).With(currentId).ReadAsync(static row => row.GetString(0), cancellation) is not null;

    /// <summary>Ends one session of that person, with those that led to it. False: they have no such session, or it has ended.</summary>
    public async Task<bool> EndAsync(Guid personId, string sessionId, EndReason reason, DateTimeOffset now, CancellationToken cancellation) =>
        await EndAsync(EndOneSql, personId, sessionId, reason, now, cancellation) > 0;

    /// <summary>Ends every session of that person, whether or not a browser can still use it.</summary>
    /// <param name="except">The one in which this is asked for; null: that too.</param>
    /// <returns>How many.</returns>
    public Task<int> EndAllAsync(Guid personId, string? except, EndReason reason, DateTimeOffset now, CancellationToken cancellation) =>
        EndAsync(EndAllSql, personId, except ?? "", reason, now, cancellation);

    /// <summary>The same in the transaction of what it follows from; <see cref="Wake"/> comes after its commit.</summary>
    internal static async Task EndAllAsync(NpgsqlTransaction transaction, Guid personId, string? except, EndReason reason, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(EndAllSql, transaction.Connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = except ?? "" });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = NameOf(reason) });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = personId });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    internal void Wake() => queue.Wake();

    private async Task<int> EndAsync(string sql, Guid personId, string sessionId, EndReason reason, DateTimeOffset now, CancellationToken cancellation)
    {
        var ended = await new Statement(database, sql).With(sessionId).With(now).With(NameOf(reason)).With((Guid?)personId)
            .ListAsync(static row => row.GetString(0), cancellation);
        queue.Wake();
        return ended.Count;
    }

    private static string NameOf(EndReason reason) => reason switch
    {
        EndReason.Logout => "logout",
        EndReason.RevokedByPerson => "revoked_by_person",
        EndReason.RevokedByAdministrator => "revoked_by_administrator",
        EndReason.PasswordChanged => "password_changed",
        EndReason.PasswordReset => "password_reset",
        _ => "disabled",
    };
}
