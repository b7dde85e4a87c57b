namespace Bench;

/// <summary>What one server did in one scenario: the median stretch.</summary>
/// <param name="ServerCpu">CPU seconds the server spent in that stretch.</param>
/// <param name="DatabaseCpu">CPU seconds PostgreSQL spent in it.</param>
/// <param name="Failures">Over all stretches, warm-up included.</param>
internal sealed record Measurement(Stretch Stretch, double ServerCpu, double DatabaseCpu, int Failures)
{
    public double PerSecond => Stretch.PerSecond;

    public double PerServerCpuSecond => Stretch.Units / ServerCpu;

    /// <summary>Null where PostgreSQL had nothing to do.</summary>
    public double? PerDatabaseCpuSecond => DatabaseCpu / Stretch.Elapsed.TotalSeconds < 0.05 ? null : Stretch.Units / DatabaseCpu;
}

/// <summary>One server in one scenario, warmed up once and then measured stretch by stretch, so that others can be measured in between.</summary>
internal sealed class Measuring(Participant participant, Scenario scenario, int connections, int databaseServer)
{
    // .NET recompiles what is hot for most of a minute; V8 needs a few seconds.
    private static readonly TimeSpan WarmUpStretch = TimeSpan.FromSeconds(3), LongestWarmUp = TimeSpan.FromSeconds(75);
    private const int SteadyStretches = 4;
    private const double SteadyWithin = 1.04;

    private readonly List<Measurement> _measured = [];
    private double _perSecond = 500;
    private int _failures;

    public Measurement Median => _measured.OrderBy(measurement => measurement.PerSecond).ElementAt(_measured.Count / 2) with { Failures = _failures };

    /// <summary>Until the best of the last few stretches is hardly better than the best before them.</summary>
    public async Task WarmUpAsync()
    {
        var rates = new List<double>();
        for (var spent = TimeSpan.Zero; spent < LongestWarmUp && !IsSteady(rates); spent += WarmUpStretch)
        {
            rates.Add((await RunAsync(WarmUpStretch)).PerSecond);
        }
    }

    public async Task MeasureAsync(TimeSpan duration)
    {
        var (server, database) = (0d, 0d);
        var stretch = await RunAsync(duration, () =>
        {
            server = Usage.CpuSeconds(participant.Server.ProcessId) - server;
            database = Usage.CpuSecondsWithChildren(databaseServer) - database;
        });
        _measured.Add(new Measurement(stretch, server, database, 0));
    }

    private async Task<Stretch> RunAsync(TimeSpan duration, Action? beforeAndAfter = null)
    {
        // Enough for the whole stretch and a little more, so that it ends by the clock wherever that can be afforded.
        await scenario.PrepareAsync((int)(_perSecond * duration.TotalSeconds * 1.3) + connections);
        beforeAndAfter?.Invoke();
        var stretch = await LoadGenerator.RunAsync(participant.Server.Port, scenario, connections, duration);
        beforeAndAfter?.Invoke();
        _perSecond = stretch.PerSecond;
        _failures += stretch.Failures;
        return stretch;
    }

    private static bool IsSteady(List<double> rates) =>
        rates.Count > SteadyStretches && rates.TakeLast(SteadyStretches).Max() < rates.SkipLast(SteadyStretches).Max() * SteadyWithin;
}
