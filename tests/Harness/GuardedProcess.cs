using System.Diagnostics;
using System.Globalization;

namespace Harness;

/// <summary>A process that ends with this one, however this one ends: its guard's input is then closed, and the guard kills it.</summary>
public sealed class GuardedProcess : IAsyncDisposable
{
    private const string Script = """log=$1; shift; exec 3<&0; "$@" </dev/null >"$log" 2>&1 & echo $!; exec >/dev/null; cat <&3; kill -9 $! 2>/dev/null; wait""";

    private readonly Process _guard;
    private readonly Process _process;

    private GuardedProcess(Process guard, Process process) => (_guard, _process) = (guard, process);

    public bool HasExited => _process.HasExited;

    /// <param name="log">The file that gets all it writes.</param>
    /// <param name="command">Program and arguments.</param>
    public static async Task<GuardedProcess> StartAsync(string log, params string[] command)
    {
        var guard = Process.Start(new ProcessStartInfo("sh", ["-c", Script, "guard", log, .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        var id = int.Parse((await guard.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        return new GuardedProcess(guard, Process.GetProcessById(id));
    }

    /// <summary>As a power failure would: nothing is finished, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As a supervisor does: SIGTERM.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
        _process.Dispose();
    }
}
