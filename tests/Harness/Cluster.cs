using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Harness;

/// <summary>
/// A private PostgreSQL cluster on a random loopback port. Tests share one per process, started by the first that asks for a database, or
/// the one that <c>IDENTITY_TEST_CLUSTER</c> (a superuser's connection string) names. A test that takes PostgreSQL away starts its own.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    // Kept whole: a collected cluster would close its guard's input, and the server would be gone.
    private static readonly Lazy<Task<Cluster>> Shared = new(() => StartNewAsync());

    private readonly string _folder;
    private readonly int _port;
    private readonly string _settings;
    private readonly Process _guard;

    private Cluster(string folder, int port, string password, string[] settings)
    {
        _folder = folder;
        _settings = string.Concat(settings.Select(setting => " -c " + setting));
        _port = port;
        _guard = StartGuard(folder);
        Administrator = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
        }.ConnectionString;
    }

    /// <summary>The superuser's connection string.</summary>
    public string Administrator { get; }

    /// <summary>A fresh database in the cluster all tests of this process share.</summary>
    public static async Task<Database> CreateDatabaseAsync() => await Database.CreateAsync(
        Environment.GetEnvironmentVariable("IDENTITY_TEST_CLUSTER") is { Length: > 0 } given ? given : (await Shared.Value).Administrator);

    /// <summary>A fresh database in this cluster.</summary>
    public Task<Database> AddDatabaseAsync() => Database.CreateAsync(Administrator);

    /// <summary>A cluster of the caller's own, running.</summary>
    /// <param name="settings">Of <c>postgresql.conf</c>, as <c>name=value</c>.</param>
    public static async Task<Cluster> StartNewAsync(params string[] settings)
    {
        var folder = Directory.CreateDirectory($"/var/tmp/identity-test-{RandomNumberGenerator.GetHexString(12, lowercase: true)}").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await PostgresBinaries.RunAsync("chown", "postgres:", folder);
        }

        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, password);
        await RunAsServerUserAsync("initdb", "-D", Path.Combine(folder, "data"), "-U", "postgres", "--pwfile", passwordFile,
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");

        var cluster = new Cluster(folder, FreePort(), password, settings);
        await cluster.StartAsync();
        return cluster;
    }

    public Task StartAsync() => RunAsServerUserAsync("pg_ctl", "-D", Path.Combine(_folder, "data"), "-l", Path.Combine(_folder, "log"), "-w", "-o",
        // Nothing a test writes must survive the machine, so nothing waits for the disk; commits are otherwise as in production.
        $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=300{_settings}", "start");

    /// <summary>Takes PostgreSQL away: open connections are cut, new ones are refused until <see cref="StartAsync"/>.</summary>
    public Task StopAsync() => RunAsServerUserAsync("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "fast", "-w", "stop");

    /// <summary>Ends PostgreSQL without letting it finish anything: what the next start finds is what was committed.</summary>
    public Task KillAsync() => RunAsServerUserAsync("pg_ctl", "-D", Path.Combine(_folder, "data"), "-m", "immediate", "-w", "stop");

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    // The guard's input ends when this process does, however it ends; so no test run, not even a killed one, leaves a server behind.
    private static Process StartGuard(string folder)
    {
        var stop = PostgresBinaries.AsServerUser(PostgresBinaries.PathOf("pg_ctl"), "-D", Path.Combine(folder, "data"), "-m", "immediate", "stop");
        const string script = """trap '' INT TERM; folder=$1; shift; cat; "$@"; rm -rf "$folder" """;
        return Process.Start(new ProcessStartInfo("sh", ["-c", $"{{ {script}; }} >/dev/null 2>&1", "guard", folder, .. stop])
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
        })!;
    }

    private static Task RunAsServerUserAsync(string program, params string[] arguments) =>
        PostgresBinaries.RunAsync(PostgresBinaries.AsServerUser([PostgresBinaries.PathOf(program), .. arguments]));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
