using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Takes away what has expired: small batches found by the expiry index, one node at a time, resting between batches so that nobody notices. It never
/// looks at a row that is alive, and what names another row goes before it.
/// </summary>
internal sealed partial class Cleaner(NpgsqlDataSource database, TimeProvider time, ILogger<Cleaner> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestRest = TimeSpan.FromMilliseconds(50);

    // After each batch it rests so many times as long as the batch took: a PostgreSQL that is busy is asked less.
    private const int RestPerWork = 10;

    private const int BatchSize = 500;
    private const int PassesPerHour = 60;

    private int _pass;

    /// <summary>What is removed, in this order.</summary>
    /// <param name="Column">The indexed column that says when a row is dead.</param>
    /// <param name="Keep">How long a dead row still says something.</param>
    /// <param name="Unless">A row this names stays. Such rows are passed again and again, so their table is walked only once an hour.</param>
    private sealed record Rule(string Table, string Column, TimeSpan Keep, string? Unless = null);

    private static readonly Rule[] Rules =
    [
        // RFC 6749 §4.1.2: as long as tokens made from a code may live, its second use must be noticed.
        new("authorization_codes", "expires_at", TimeSpan.FromHours(1)),
        new("refresh_tokens", "idle_until", TimeSpan.Zero),
        new("reference_tokens", "expires_at", TimeSpan.Zero),
        new("revoked_access_tokens", "expires_at", TimeSpan.FromMinutes(2)),
        new("grants", "expires_at", TimeSpan.Zero),

        // An ended session must stay for as long as a grant asks whether it was ended.
        new("sessions", "expires_at", TimeSpan.Zero, "exists (select from grants g where g.session_id = r.id)"),
        new("interactions", "expires_at", TimeSpan.Zero),
        new("consents", "expires_at", TimeSpan.Zero),

        // Nodes' clocks differ: where it was used it may be over before it is elsewhere.
        new("used_assertions", "expires_at", TimeSpan.FromMinutes(2)),
        new("logout_notices", "expires_at", TimeSpan.Zero),
        new("challenges", "expires_at", TimeSpan.FromHours(1)),
        new("registration_tokens", "expires_at", TimeSpan.Zero),
        new("mail_queue", "expires_at", TimeSpan.FromHours(1)),
        new("guess_counters", "expires_at", TimeSpan.Zero),
        new("send_counters", "expires_at", TimeSpan.Zero),
        new("ip_send_counters", "expires_at", TimeSpan.Zero),
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or StoreUnavailableException)
            {
                // The next minute tries again; what is expired does not come back to life meanwhile.
                Interrupted(log, e);
            }
        }
    }

    /// <summary>One pass over every table. Gives the number of rows removed; zero as well when another node is at it.</summary>
    internal async Task<int> CleanAsync(CancellationToken cancellation)
    {
        await using var turn = await AdvisoryLock.TryTakeAsync(database, AdvisoryLock.Cleaner, cancellation);
        if (turn is null)
        {
            return 0;
        }

        var removed = 0;
        var rules = _pass++ % PassesPerHour == 0 ? Rules : Rules.Where(rule => rule.Unless is null);
        foreach (var rule in rules)
        {
            var gone = await CleanAsync(rule, cancellation);
            Instruments.RowsRemoved.Add(gone, new KeyValuePair<string, object?>("identity.table", rule.Table));
            removed += gone;
        }

        if (removed > 0)
        {
            Cleaned(log, removed);
        }

        return removed;
    }

    // Walks the expiry index forward, so that rows that must stay are passed once and not looked at again for every batch.
    private async Task<int> CleanAsync(Rule rule, CancellationToken cancellation)
    {
        var until = time.GetUtcNow() - rule.Keep;
        var from = DateTimeOffset.UnixEpoch;
        var removed = 0;
        while (true)
        {
            var began = time.GetTimestamp();
            await using var command = database.CreateCommand(SqlOf(rule));
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = from });
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = until });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            var gone = (int)reader.GetInt64(0);
            removed += gone;
            if (reader.GetInt64(1) < BatchSize)
            {
                return removed;
            }

            // A whole batch of one instant, all of which must stay: the rest of that instant is left to the next pass.
            var next = reader.GetFieldValue<DateTimeOffset>(2);
            from = next > from || gone > 0 ? next : next.AddMicroseconds(1);
            var rest = time.GetElapsedTime(began) * RestPerWork;
            await Task.Delay(rest > ShortestRest ? rest : ShortestRest, time, cancellation);
        }
    }

    private static string SqlOf(Rule rule) => $"""
        with batch as materialized (
            select r.ctid, r.{rule.Column} as dead_at, {(rule.Unless is null ? "false" : rule.Unless)} as stays from {rule.Table} r
            where r.{rule.Column} >= $1 and r.{rule.Column} < $2 order by r.{rule.Column} limit $3 for update skip locked
        ), gone as (
            delete from {rule.Table} where ctid = any (array(select ctid from batch where not stays)) returning 1
        )
        select (select count(*) from gone), (select count(*) from batch), (select max(dead_at) from batch)
        """;

    [LoggerMessage(3001, LogLevel.Debug, "Removed {Rows} expired rows")]
    static partial void Cleaned(ILogger logger, int rows);

    [LoggerMessage(3002, LogLevel.Warning, "Removing expired rows was interrupted")]
    static partial void Interrupted(ILogger logger, Exception exception);
}
