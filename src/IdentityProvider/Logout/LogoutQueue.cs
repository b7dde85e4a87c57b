using Npgsql;

namespace IdentityProvider;

/// <summary>A client to be told that a session is over, now, by whoever holds <paramref name="Lease"/>.</summary>
/// <param name="Tries">Which try this is, from one.</param>
/// <param name="Failure">What came of the try before.</param>
internal sealed record ClaimedNotice(Guid Id, Guid Lease, string ClientId, Guid PersonId, string SessionId, int Tries, string? Failure);

/// <summary>
/// Notices to clients that a session is over (Back-Channel Logout 1.0), written in the statement that ends it. Each try holds a lease: a node that dies
/// loses nothing, and of several nodes one sends.
/// </summary>
public sealed class LogoutQueue(NpgsqlDataSource database, TimeProvider time) : IDisposable
{
    /// <summary>Longer than a try may take.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    private const string ClaimSql = """
        update logout_notices set holder = $1, due_at = $2, tries = tries + 1
        where id = (select id from logout_notices where due_at <= $3 order by due_at limit 1 for update skip locked)
        returning id, client_id, person_id, session_id, tries, failure
        """;

    private const string PostponeSql = "update logout_notices set holder = null, due_at = $3, failure = $4 where id = $1 and holder = $2";

    private const string SettleSql = "delete from logout_notices where id = $1 and holder = $2";

    // Giving up is on record as what it takes away: the client may think that person is still signed in.
    private const string GiveUpSql = """
        with gone as (
            delete from logout_notices where id = $1 and holder = $2 returning person_id, client_id, session_id, tries)
        insert into audit (at, event, person_id, client_id, details)
        select $3, 'logout.undelivered', person_id, client_id, jsonb_build_object('session', session_id, 'tries', tries, 'failure', $4::text) from gone
        """;

    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>
    /// The part of a statement that queues a notice for every client of <paramref name="parties"/> (client_id, session_id, person_id) that is to be told.
    /// </summary>
    internal static string EnqueueSql(string parties, string now) => $"""
        noticed as (
            insert into logout_notices (id, client_id, person_id, session_id, due_at, created_at, expires_at)
            select gen_random_uuid(), p.client_id, p.person_id, p.session_id, {now}, {now}, {now} + interval '1 day'
            from (select distinct client_id, session_id, person_id from {parties}) p join clients c on c.id = p.client_id
            where c.enabled and c.backchannel_logout_uri is not null)
        """;

    public void Dispose() => _wake.Dispose();

    /// <summary>Tells this node's dispatcher that something may have been queued. Told twice, it looks twice.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    /// <summary>Waits to be woken, at most so long.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => _wake.WaitAsync(atMost, cancellation);

    /// <summary>The notice that has been due longest, now leased to the caller; null when none is due.</summary>
    internal Task<ClaimedNotice?> ClaimAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var lease = Guid.CreateVersion7(now);
        return new Statement(database, ClaimSql).With(lease).With(now + LeaseTime).With(now).ReadAsync(
            row => new ClaimedNotice(row.GetGuid(0), lease, row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5)), cancellation);
    }

    // What the receiver said must be kept also when the host is stopping, so what follows a try is not cancelled.

    /// <summary>Ends the lease; the next try is at <paramref name="dueAt"/>.</summary>
    internal Task PostponeAsync(ClaimedNotice notice, DateTimeOffset dueAt, string failure) =>
        new Statement(database, PostponeSql).With(notice.Id).With(notice.Lease).With(dueAt).With(failure).ExecuteAsync(CancellationToken.None);

    internal Task SettleAsync(ClaimedNotice notice) => new Statement(database, SettleSql).With(notice.Id).With(notice.Lease).ExecuteAsync(CancellationToken.None);

    /// <summary>The client will not be told any more, which goes into the audit.</summary>
    internal Task GiveUpAsync(ClaimedNotice notice, string failure) =>
        new Statement(database, GiveUpSql).With(notice.Id).With(notice.Lease).With(time.GetUtcNow()).With(failure).ExecuteAsync(CancellationToken.None);
}
