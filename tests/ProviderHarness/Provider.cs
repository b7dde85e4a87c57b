using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Harness;
using IdentityProvider;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ProviderHarness;

/// <summary>
/// The real provider in this process, on a port of its own, over a database of its own, configured by <c>config/development.yaml</c>. Its clock is
/// <see cref="Time"/>, which stands still until a test moves it.
/// </summary>
public sealed class Provider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Database? _ownDatabase;

    private Provider(WebApplication app, ProviderSetup setup, Database database, bool ownsDatabase, int port)
    {
        _app = app;
        _ownDatabase = ownsDatabase ? database : null;
        Setup = setup;
        Database = database;
        Time = setup.Time;
        Issuer = Invariant($"http://localhost:{setup.PortBase}");
        Client = NewClient(port);
        Sql = NpgsqlDataSource.Create(database.ConnectionString);
    }

    /// <summary>The <c>iss</c> of its tokens. A second node has the same one, and another address.</summary>
    public string Issuer { get; }

    /// <summary>Speaks to this node; follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    public ManualTime Time { get; }

    public Database Database { get; }

    /// <summary>For looking at the database, and for putting things there that no page makes yet.</summary>
    public NpgsqlDataSource Sql { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Everything it logged, at every level.</summary>
    public LogCapture Log => Setup.Log;

    internal ProviderSetup Setup { get; }

    /// <summary>Starts one over a fresh database, or the given one.</summary>
    public static async Task<Provider> StartAsync(Database? database = null, params string[] settings)
    {
        var setup = new ProviderSetup { PortBase = FreePort(), Settings = settings };
        return await StartAsync(setup, database ?? await Cluster.CreateDatabaseAsync(), ownsDatabase: database is null, setup.PortBase);
    }

    /// <summary>Starts one over a fresh database, whose machine's clock stands there.</summary>
    public static async Task<Provider> StartAtAsync(DateTimeOffset now)
    {
        var setup = new ProviderSetup { PortBase = FreePort(), Time = new ManualTime(now) };
        return await StartAsync(setup, await Cluster.CreateDatabaseAsync(), ownsDatabase: true, setup.PortBase);
    }

    /// <summary>A second node whose machine's clock is ahead of this one's.</summary>
    public Task<Provider> StartSecondNodeAsync(TimeSpan ahead) =>
        StartAsync(Setup with { Time = new ManualTime(Time.Now + ahead), Log = new LogCapture() }, Database, ownsDatabase: false, FreePort());

    /// <summary>A second node: same database, issuer, clock and key-encryption key, another port.</summary>
    public Task<Provider> StartSecondNodeAsync() => StartAsync(Setup, Database, ownsDatabase: false, FreePort());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Sql.DisposeAsync();
        if (_ownDatabase is not null)
        {
            await _ownDatabase.DisposeAsync();
        }
    }

    private static async Task<Provider> StartAsync(ProviderSetup setup, Database database, bool ownsDatabase, int port)
    {
        string[] args =
        [
            "--environment=Development",
            Invariant($"--urls=http://localhost:{port}"),
            Invariant($"--PORT_BASE={setup.PortBase}"),
            $"--Oidc:Issuer=http://localhost:{setup.PortBase.ToString(CultureInfo.InvariantCulture)}",
            $"--ConnectionStrings:Identity={database.ConnectionString}",
            $"--Keys:Kek={Convert.ToBase64String(setup.Kek)}",
            $"--Configuration:File={Repository.PathOf("config/development.yaml")}",
            "--Logging:LogLevel:Default=Trace",
            "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
            .. setup.Settings.Select(setting => "--" + setting),
        ];
        var app = Program.Build(args, services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(setup.Time));
            services.AddLogging(logging => logging.ClearProviders().AddProvider(setup.Log));
        });
        try
        {
            await app.StartAsync();
            return new Provider(app, setup, database, ownsDatabase, port);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static HttpClient NewClient(int port) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = new Uri(Invariant($"http://localhost:{port}")),
        Timeout = TimeSpan.FromSeconds(30),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>What the nodes of one installation share.</summary>
internal sealed record ProviderSetup
{
    public required int PortBase { get; init; }
    public ManualTime Time { get; init; } = new();
    public byte[] Kek { get; } = RandomNumberGenerator.GetBytes(KeyEncryptionKey.Bytes);
    public LogCapture Log { get; init; } = new();
    public IReadOnlyList<string> Settings { get; init; } = [];
}
