using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harness;

namespace ProviderHarness;

/// <summary>What the nodes of one installation are told alike.</summary>
public sealed record Installation(Database Database)
{
    public int PortBase { get; init; } = FreePort();

    public byte[] Kek { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>What else every node is told, as <c>Name=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public string Issuer => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{PortBase}");

    /// <summary>A port that nobody listens on at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>The provider in a process of its own, by the system's clock, so that a test can kill it as a machine that fails would.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private readonly GuardedProcess _node;
    private readonly string _log;

    private NodeProcess(Installation installation, int port, GuardedProcess node, string log)
    {
        _node = node;
        _log = log;
        Port = port;
        Installation = installation;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}")),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public Installation Installation { get; }

    public int Port { get; }

    /// <summary>Speaks to this node; follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    public bool HasExited => _node.HasExited;

    /// <summary>Everything it wrote to its console.</summary>
    public string Log => File.ReadAllText(_log);

    /// <summary>Starts a node and waits until it is ready.</summary>
    /// <param name="settings">What this node alone is told, as <c>Name=value</c>.</param>
    public static async Task<NodeProcess> StartAsync(Installation installation, params string[] settings)
    {
        var node = await LaunchAsync(installation, settings);
        try
        {
            await node.ReadyAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a node and does not wait.</summary>
    public static async Task<NodeProcess> LaunchAsync(Installation installation, params string[] settings)
    {
        var port = Installation.FreePort();
        string[] command = [.. Program, string.Create(CultureInfo.InvariantCulture, $"--urls=http://localhost:{port}"), .. Arguments(installation, settings)];
        var log = Path.GetTempFileName();
        return new NodeProcess(installation, port, await GuardedProcess.StartAsync(log, command), log);
    }

    /// <summary>Runs a command of the provider's program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string[] words, Installation installation, params string[] settings)
    {
        string[] command = [.. Program, .. words, .. Arguments(installation, settings)];
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>As a power failure would: nothing is finished, nothing is said.</summary>
    public Task KillAsync() => _node.KillAsync();

    /// <summary>As a supervisor does: SIGTERM.</summary>
    public Task TerminateAsync() => _node.TerminateAsync();

    public Task WaitForExitAsync() => _node.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _node.DisposeAsync();
        File.Delete(_log);
    }

    private static string[] Arguments(Installation installation, string[] settings) =>
    [
        "--environment=Development",
        string.Create(CultureInfo.InvariantCulture, $"--PORT_BASE={installation.PortBase}"),
        $"--Oidc:Issuer={installation.Issuer}",
        $"--ConnectionStrings:Identity={installation.Database.ConnectionString}",
        $"--Keys:Kek={Convert.ToBase64String(installation.Kek)}",
        $"--Configuration:File={Repository.PathOf("config/development.yaml")}",
        .. installation.Settings.Concat(settings).Select(setting => "--" + setting),
    ];

    private async Task ReadyAsync()
    {
        var until = Stopwatch.StartNew();
        while (until.Elapsed < TimeSpan.FromSeconds(60))
        {
            if (HasExited)
            {
                throw new InvalidOperationException("The node has stopped: " + Log);
            }

            try
            {
                using var answer = await Client.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException("The node is not ready: " + Log);
    }

    // What ./publish wrote when it is named, else what was built with this test.
    private static string[] Program => Environment.GetEnvironmentVariable("IDENTITY_PROVIDER") is { Length: > 0 } given
        ? [given]
        : ["dotnet", Path.Combine(AppContext.BaseDirectory, "IdentityProvider.dll")];
}
