using System.Globalization;

namespace Bench;

/// <summary>What the kernel says of a process: CPU time, and memory in use.</summary>
internal static class Usage
{
    // The kernel counts in hundredths of a second on every Linux (sysconf _SC_CLK_TCK).
    private const double TicksPerSecond = 100;

    /// <summary>CPU seconds of one process, all its threads.</summary>
    public static double CpuSeconds(int process) => Fields(process) is { } fields ? (Number(fields[11]) + Number(fields[12])) / TicksPerSecond : 0;

    /// <summary>CPU seconds of a process and of all children it has or had: a PostgreSQL server with its backends.</summary>
    public static double CpuSecondsWithChildren(int process)
    {
        if (Fields(process) is not { } own)
        {
            return 0;
        }
        // The third and fourth of these are those of children that have ended.
        var seconds = own[11..15].Sum(Number) / TicksPerSecond;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var other) && Fields(other) is { } fields && Number(fields[1]) == process)
            {
                seconds += CpuSeconds(other);
            }
        }

        return seconds;
    }

    /// <summary>Resident memory in MB (10^6 bytes).</summary>
    public static double ResidentMegabytes(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6;
    }

    /// <summary>The process that started this one.</summary>
    public static int ParentOf(int process) => (int)Number(Fields(process)![1]);

    // proc(5): the second field is the program's name in parentheses and may hold anything; the third, after it, is index 0 here.
    private static string[]? Fields(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It ended since it was listed.
            return null;
        }
    }

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
