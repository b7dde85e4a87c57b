using System.Diagnostics;

namespace Harness;

/// <summary>PostgreSQL's own programs, found on the path or where Debian keeps them; run as user <c>postgres</c> when we are root.</summary>
internal static class PostgresBinaries
{
    private static readonly string Folder = Find();

    public static string PathOf(string program) => Path.Combine(Folder, program);

    /// <summary>The command line that runs <paramref name="command"/> as a user PostgreSQL accepts.</summary>
    public static string[] AsServerUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", .. command] : command;

    public static async Task RunAsync(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            // initdb and pg_ctl complain of a working directory that their user may not enter.
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {await output}{await errors}");
        }
    }

    private static string Find()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(VersionOf).Select(version => Path.Combine(version, "bin"))
            : [];
        var initdb = onPath.Concat(debian).Select(folder => new FileInfo(Path.Combine(folder, "initdb"))).FirstOrDefault(file => file.Exists);
        // A link to initdb alone does not lead to the other programs beside it.
        return (initdb?.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? initdb)?.DirectoryName
            ?? throw new InvalidOperationException("PostgreSQL's initdb was not found; install it with: apt-get install postgresql");
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0;
}
