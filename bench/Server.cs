using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Bench;

/// <summary>A server under measurement: its process, alone on one core.</summary>
internal sealed class Server : IDisposable
{
    private const int Core = 0;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private Server(Process process, int port, TimeSpan startUp)
    {
        _process = process;
        Port = port;
        StartUp = startUp;
    }

    public int Port { get; }

    public int ProcessId => _process.Id;

    /// <summary>From the start of the process to its first discovery answer.</summary>
    public TimeSpan StartUp { get; }

    public static async Task<Server> StartAsync(string name, int port, IReadOnlyDictionary<string, string> settings, params string[] command)
    {
        var log = Path.GetFullPath(Path.Combine("artifacts", "bench", name + ".log"));
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var start = new ProcessStartInfo("sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "server", log, "taskset", "-c", $"{Core}", .. command]) { UseShellExecute = false };
        // The generator runs with inline completions; a server that wants them says so itself.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        while (!await AnswersAsync(port))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
            {
                process.Kill();
                throw new InvalidOperationException($"{name} did not come up; its log is {log}");
            }

            await Task.Delay(5);
        }

        return new Server(process, port, Stopwatch.GetElapsedTime(started));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            await socket.SendAsync(Request.Get(port, "/.well-known/openid-configuration"));
            var head = new byte[12];
            return await socket.ReceiveAsync(head) == head.Length && head.AsSpan().SequenceEqual("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
