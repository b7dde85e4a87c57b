using Npgsql;

namespace Bench;

/// <summary>A whole run: every scenario on every server, taking turns, and the table of it.</summary>
internal sealed class Run(IReadOnlyList<Participant> participants, int databaseServer, TimeSpan stretch, int rounds)
{
    private const int Connections = 32;
    private const string Members = "urn:identity:resource:members";

    private static readonly (string Name, Func<Participant, Task<Scenario?>> Make)[] Scenarios =
    [
        ("discovery", who => Always(new Repeated(Request.Get(who.Server.Port, "/.well-known/openid-configuration")))),
        ("JWKS", who => Always(new Repeated(Request.Get(who.Server.Port, "/.well-known/openid-configuration/jwks")))),
        ("client credentials", who => Always(new Repeated(who.ClientCredentials()))),
        ("userinfo", async who => new Repeated(await UserInfoAsync(who))),
        ("refresh, rotating", who => Always(new Refreshing(who, Connections))),
        ("code redemption", who => Always(new Redeeming(who))),
        ("code flow", who => Task.FromResult<Scenario?>(who.HasAuthorizeEndpoint ? new Flowing(who, Members, Connections) : null)),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Action<Row> finished)
    {
        var rows = new List<Row>();
        foreach (var (name, make) in Scenarios)
        {
            var measuring = new Dictionary<string, Measuring>(StringComparer.Ordinal);
            foreach (var participant in participants)
            {
                if (await make(participant) is { } scenario)
                {
                    measuring.Add(participant.Name, new Measuring(participant, scenario, Connections, databaseServer));
                }
            }

            foreach (var one in measuring.Values)
            {
                await one.WarmUpAsync();
            }

            // Taking turns, so that whatever else the machine does meets all of them.
            for (var round = 0; round < rounds; round++)
            {
                foreach (var one in measuring.Values)
                {
                    await one.MeasureAsync(stretch);
                }
            }

            rows.Add(new Row(name, measuring.ToDictionary(pair => pair.Key, pair => pair.Value.Median, StringComparer.Ordinal)));
            finished(rows[^1]);
        }

        return rows;
    }

    /// <summary>The process id of the PostgreSQL server behind a connection: the parent of the connection's backend.</summary>
    public static async Task<int> DatabaseServerAsync(string administrator)
    {
        await using var source = NpgsqlDataSource.Create(administrator);
        await using var command = source.CreateCommand("SELECT pg_backend_pid()");
        return Usage.ParentOf((int)(await command.ExecuteScalarAsync())!);
    }

    private static Task<Scenario?> Always(Scenario scenario) => Task.FromResult<Scenario?>(scenario);

    private static async Task<byte[]> UserInfoAsync(Participant who)
    {
        var redeeming = new Tokens(who.Redemption(await who.UserInfoCodeAsync()));
        await LoadGenerator.RunAsync(who.Server.Port, redeeming, connections: 1, TimeSpan.FromSeconds(30));
        return Request.Get(who.Server.Port, "/connect/userinfo", $"Authorization: Bearer {redeeming.AccessToken}\r\n");
    }

    /// <summary>Sends one request and keeps the access token that answers it.</summary>
    private sealed class Tokens(byte[] request) : Scenario
    {
        private bool _sent;

        public string AccessToken { get; private set; } = "";

        public override ReadOnlyMemory<byte> Next(int connection)
        {
            var next = _sent ? default : (ReadOnlyMemory<byte>)request;
            _sent = true;
            return next;
        }

        public override bool Take(int connection, HttpAnswer answer)
        {
            AccessToken = System.Text.Encoding.ASCII.GetString(answer.Member("\"access_token\":"u8));
            return true;
        }
    }
}

/// <summary>One scenario's line of the table, by server.</summary>
internal sealed record Row(string Scenario, IReadOnlyDictionary<string, Measurement> By);
