using System.Diagnostics;
using IdentityProvider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Operating;

/// <summary>users.md A row 6: the token table that ate the database, and the cleaner that then killed it.</summary>
[Trait("Category", "Scale")]
[Collection("Scale")]
public sealed class CleanerScaleTests : IAsyncLifetime
{
    private const int RequestsPerSecond = 150, Windows = 9;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private Cluster _cluster = null!;
    private Provider _provider = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        // Autovacuum looks every second instead of every minute, so that a test sees what an hour sees.
        _cluster = await Cluster.StartNewAsync("shared_buffers=512MB", "max_wal_size=4GB", "autovacuum_naptime=1s");
        _provider = await Provider.StartAsync(await _cluster.AddDatabaseAsync(), "Logging:LogLevel:Default=None", "Logging:LogLevel:Microsoft.AspNetCore=None");
        // The provider's own would start by itself in the middle of a measurement.
        await _provider.Services.GetServices<IHostedService>().OfType<Cleaner>().Single().StopAsync(CancellationToken.None);
        // As the provider's own: the cleaner shares its statements' settings, not the pool of the requests.
        _source = NpgsqlDataSource.Create(DatabaseSetting.Complete(_provider.Database.ConnectionString));
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _provider.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Requests_do_not_notice_the_cleaner_among_five_million_rows()
    {
        var filling = Stopwatch.StartNew();
        await FillAsync(rows: 5_000_000);
        Figures.Print($"cleaner: 5 000 000 rows, half of them expired, filled in {filling.Elapsed.TotalSeconds:F0} s");
        var person = await SignedIn.AsAsync(_provider, "alice@example.com");
        var tokens = await _provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access"));
        await LoadAsync(tokens.RefreshToken, Window);

        var (quiet, cleaning, removed) = (new List<IReadOnlyList<double>>(), new List<IReadOnlyList<double>>(), 0L);
        for (var window = 0; window < Windows; window++)
        {
            quiet.Add(await LoadAsync(tokens.RefreshToken, Window));
            using var stop = new CancellationTokenSource();
            var before = await _provider.CountAsync("select n_tup_del from pg_stat_user_tables where relname = 'refresh_tokens'");
            var cleaner = CleanAsync(stop.Token);
            cleaning.Add(await LoadAsync(tokens.RefreshToken, Window));
            cleaner.IsCompleted.ShouldBeFalse("the cleaner ran out of work");
            await stop.CancelAsync();
            await cleaner;
            await Task.Delay(TimeSpan.FromSeconds(1.2));
            removed += await _provider.CountAsync("select n_tup_del from pg_stat_user_tables where relname = 'refresh_tokens'") - before;
        }

        // Of the middle window: whatever else the machine did in one of them does not count.
        var (without, with) = (MiddleOf(quiet, 99), MiddleOf(cleaning, 99));
        Figures.Print($"cleaner: /connect/token p50 {MiddleOf(quiet, 50):F2} ms, p99 {without:F2} ms without; p50 {MiddleOf(cleaning, 50):F2} ms, p99 {with:F2} ms while {removed / (Windows * Window.TotalSeconds):F0} rows a second are removed");
        removed.ShouldBeGreaterThan(100_000);
        // A tenth, beside what the measuring itself is uncertain by on two cores that also generate the load.
        with.ShouldBeLessThan((without * 1.1) + 0.5);
    }

    [Fact]
    public async Task The_tables_stay_as_large_as_they_are_under_constant_load()
    {
        const int Rounds = 40, RowsPerRound = 10_000, LiveRounds = 5;
        var sizes = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await AddAsync(RowsPerRound, round, _provider.Time.Now.AddHours(LiveRounds));
            _provider.Time.Advance(TimeSpan.FromHours(1));
            await new Cleaner(_source, _provider.Time, NullLogger<Cleaner>.Instance).CleanAsync(CancellationToken.None);
            // The load never pauses: vacuum must keep up beside it.
            await Task.Delay(TimeSpan.FromSeconds(1));
            sizes.Add(await _provider.CountAsync("select pg_total_relation_size('refresh_tokens')"));
        }

        var (early, late) = (sizes[(Rounds / 4)..(Rounds / 2)].Max(), sizes[^(Rounds / 4)..].Max());
        Figures.Print($"growth: {RowsPerRound} tokens a round, {LiveRounds} rounds alive; refresh_tokens {early / 1e6:F1} MB after {Rounds / 2} rounds, {late / 1e6:F1} MB after {Rounds}");
        (await _provider.CountAsync("select count(*) from refresh_tokens")).ShouldBeLessThanOrEqualTo(RowsPerRound * (LiveRounds + 1));
        ((double)late).ShouldBeLessThan(early * 1.15);
    }

    private static double MiddleOf(IEnumerable<IReadOnlyList<double>> windows, double percent) => windows.Select(window => window.Percentile(percent)).Percentile(50);

    private async Task CleanAsync(CancellationToken stop)
    {
        try
        {
            await new Cleaner(_source, _provider.Time, NullLogger<Cleaner>.Instance).CleanAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The window is over.
        }
    }

    // At fixed instants, whether or not earlier answers have come, so that a pause is felt by everyone who meets it.
    private async Task<IReadOnlyList<double>> LoadAsync(string refreshToken, TimeSpan time)
    {
        var calls = new List<Task<double>>();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < RequestsPerSecond * time.TotalSeconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / RequestsPerSecond);
            while (watch.Elapsed < due)
            {
                await Task.Delay(1);
            }

            calls.Add(Task.Run(async () =>
            {
                var began = Stopwatch.GetTimestamp();
                (await _provider.RefreshAsync("web", refreshToken)).Succeeded.ShouldBeTrue();
                return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }));
        }

        return await Task.WhenAll(calls);
    }

    // Without indexes first: they are built in one go afterwards.
    private async Task FillAsync(int rows)
    {
        await _provider.ExecuteAsync("alter table refresh_tokens drop constraint refresh_tokens_pkey");
        await _provider.ExecuteAsync("drop index refresh_tokens_idle_until");
        await using (var command = _source.CreateCommand("""
            insert into refresh_tokens (hash, grant_id, idle_until, expires_at, rotated_at, rotated_resources, successor_nonce, successor_key, successor_hash)
            select sha256(i::text::bytea), md5((i / 10)::text)::uuid, at, at + interval '1 day', at - interval '14 days', '{}', sha256((i + 1)::text::bytea), 1, sha256((-i)::text::bytea)
            from (select i, $1::timestamptz + case when i % 2 = 0 then -1 else 1 end * (1 + i) * interval '200 milliseconds' as at from generate_series(1, $2) i) dated
            """))
        {
            command.CommandTimeout = 600;
            command.Parameters.Add(new NpgsqlParameter { Value = _provider.Time.Now });
            command.Parameters.Add(new NpgsqlParameter { Value = rows });
            await command.ExecuteNonQueryAsync();
        }

        foreach (var sql in new[]
        {
            "alter table refresh_tokens add primary key (hash)", "create index refresh_tokens_idle_until on refresh_tokens (idle_until)", "vacuum analyze refresh_tokens",
        })
        {
            await using var command = _source.CreateCommand(sql);
            command.CommandTimeout = 600;
            await command.ExecuteNonQueryAsync();
        }
    }

    private Task AddAsync(int rows, int round, DateTimeOffset idleUntil) => _provider.ExecuteAsync("""
        insert into refresh_tokens (hash, grant_id, idle_until, expires_at)
        select sha256(($2 || '-' || i)::bytea), md5($2 || '-' || i)::uuid, $3::timestamptz + i * interval '1 millisecond', $3::timestamptz + interval '90 days' from generate_series(1, $1) i
        """, rows, round.ToString(System.Globalization.CultureInfo.InvariantCulture), idleUntil);
}
