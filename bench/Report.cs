using System.Globalization;

namespace Bench;

/// <summary>The tables that people read.</summary>
internal static class Report
{
    // On this class of machine; under it something else had the cores, and no ratio of the run means anything.
    private const double FixedDocumentsAtLeast = 50_000, SignedTokensAtLeast = 15_000;

    public static void WriteHead(TextWriter to)
    {
        to.WriteLine();
        Write(to, "", "ours", "limit", "ratio", "peer", "times", "p50 ms", "p99 ms", "/CPU-s ours", "/CPU-s limit", "/CPU-s PostgreSQL");
    }

    public static void WriteRow(TextWriter to, Row row)
    {
        var ours = row.By.GetValueOrDefault("ours");
        var limit = row.By.GetValueOrDefault("limit");
        var peer = row.By.GetValueOrDefault("peer");
        // Latency and cost are ours; a run without us shows the limit's.
        var shown = ours ?? limit ?? peer!;
        Write(to, row.Scenario,
            Rate(ours?.PerSecond), Rate(limit?.PerSecond), Ratio(ours?.PerSecond / limit?.PerSecond), Rate(peer?.PerSecond), Ratio(ours?.PerSecond / peer?.PerSecond),
            Milliseconds(shown.Stretch.Latencies.Percentile(0.5)), Milliseconds(shown.Stretch.Latencies.Percentile(0.99)),
            Rate(ours?.PerServerCpuSecond), Rate(limit?.PerServerCpuSecond), Rate(shown.PerDatabaseCpuSecond));
        foreach (var (name, measurement) in row.By.Where(pair => pair.Value.Failures > 0))
        {
            to.WriteLine($"  {name} failed {measurement.Failures} times");
        }
    }

    public static void WriteProcesses(TextWriter to, IEnumerable<(string Name, TimeSpan StartUp, double Idle, double Loaded)> processes)
    {
        to.WriteLine();
        Write(to, "", "first answer s", "idle MB", "loaded MB");
        foreach (var (name, startUp, idle, loaded) in processes)
        {
            Write(to, name, startUp.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture), Rate(idle), Rate(loaded));
        }
    }

    /// <summary>Says whether the run may be believed.</summary>
    public static bool WriteVerdict(TextWriter to, IReadOnlyList<Row> rows)
    {
        var documents = Of("discovery");
        var tokens = Of("client credentials");
        var valid = documents >= FixedDocumentsAtLeast && tokens >= SignedTokensAtLeast;
        to.WriteLine();
        to.WriteLine(valid
            ? "valid: the limit server had the core to itself"
            : $"INVALID: the limit server gave {Rate(documents)} documents and {Rate(tokens)} signed tokens a second; {Rate(FixedDocumentsAtLeast)} and {Rate(SignedTokensAtLeast)} are needed");
        return valid;

        double Of(string scenario) => rows.FirstOrDefault(row => row.Scenario == scenario)?.By.GetValueOrDefault("limit")?.PerSecond ?? 0;
    }

    private static void Write(TextWriter to, string name, params string[] cells) =>
        to.WriteLine($"{name,-20}" + string.Concat(cells.Select(cell => cell.PadLeft(Math.Max(9, cell.Length + 2)))));

    private static string Rate(double? value) => value is { } number ? number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', ' ') : "-";

    private static string Ratio(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";

    private static string Milliseconds(TimeSpan value) => value.TotalMilliseconds.ToString("F2", CultureInfo.InvariantCulture);
}
