using System.Net;
using System.Text.Json;
using Npgsql;

namespace Operating;

public sealed class IssuanceAuditTests
{
    private const string Routine = "select count(*) from audit where event like 'token.%'";

    [Fact]
    public async Task What_was_issued_and_refused_is_on_record_within_a_second()
    {
        await using var provider = await Provider.StartAsync();
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        await provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));
        await provider.TokenAsync("machine", ("grant_type", "client_credentials"), ("scope", "members.read"));
        await provider.TokenAsync("machine", ("grant_type", "client_credentials"), ("scope", "feedogo"));
        await provider.TokenAsync("machine", ("grant_type", "password"));

        await Task.Delay(TimeSpan.FromSeconds(1));

        var rows = await RowsAsync(provider);
        rows.Count.ShouldBe(4);
        rows.ShouldAllBe(row => row.At == provider.Time.Now && row.Ip.IsLoopback() && row.RequestId.Length == 32);
        rows[0].ShouldBe("token.issued", "storefront", person.PersonId, "authorization_code", "openid offline_access", null);
        rows[0].Details.GetProperty("session").GetString().ShouldBe(person.SessionId);
        rows[1].ShouldBe("token.issued", "machine", null, "client_credentials", "members.read", null);
        rows[2].ShouldBe("token.refused", "machine", null, null, null, "invalid_scope");
        rows[3].ShouldBe("token.refused", "machine", null, null, null, "unsupported_grant_type");
    }

    [Fact]
    public async Task Who_is_not_authenticated_writes_nothing()
    {
        await using var provider = await Provider.StartAsync();

        await provider.TokenAsync("machine", "a-wrong-secret", ("grant_type", "client_credentials"));
        await provider.TokenAsync("nobody", "a-wrong-secret", ("grant_type", "client_credentials"));

        await Task.Delay(TimeSpan.FromSeconds(1));
        (await provider.CountAsync(Routine)).ShouldBe(0);
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_writes_the_rest_first()
    {
        await using var database = await Cluster.CreateDatabaseAsync();
        var provider = await Provider.StartAsync(database);
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => provider.TokenAsync("machine", ("grant_type", "client_credentials"))));

        await provider.DisposeAsync();

        answers.ShouldAllBe(answer => answer.Succeeded);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(Routine);
        (await command.ExecuteScalarAsync()).ShouldBe(500L);
    }

    [Fact]
    public async Task What_was_issued_while_PostgreSQL_was_away_is_on_record_once_it_is_back()
    {
        await using var cluster = await Cluster.StartNewAsync();
        await using var provider = await Provider.StartAsync(await cluster.AddDatabaseAsync());
        await cluster.StopAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => provider.TokenAsync("machine", ("grant_type", "client_credentials"))));
        await Task.Delay(TimeSpan.FromSeconds(1));

        await cluster.StartAsync();

        answers.ShouldAllBe(answer => answer.Succeeded);
        for (var i = 0; i < 100 && await provider.CountAsync(Routine) < 100; i++)
        {
            await Task.Delay(100);
        }

        (await provider.CountAsync(Routine)).ShouldBe(100);
    }

    private static async Task<IReadOnlyList<Row>> RowsAsync(Provider provider)
    {
        await using var command = provider.Sql.CreateCommand("select at, event, person_id, client_id, ip, request_id, details::text from audit where event like 'token.%' order by id");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Row>();
        while (await reader.ReadAsync())
        {
            rows.Add(new Row(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetGuid(2), reader.GetString(3),
                reader.GetFieldValue<IPAddress>(4), reader.GetString(5), JsonElement.Parse(reader.GetString(6))));
        }

        return rows;
    }
}

internal sealed record Row(DateTimeOffset At, string Event, Guid? PersonId, string ClientId, IPAddress Ip, string RequestId, JsonElement Details)
{
    public void ShouldBe(string name, string clientId, Guid? personId, string? grantType, string? scope, string? error) =>
        (Event, ClientId, PersonId, Member("grant_type"), Member("scope"), Member("error")).ShouldBe((name, clientId, personId, grantType, scope, error));

    private string? Member(string name) => Details.TryGetProperty(name, out var value) ? value.GetString() : null;
}

internal static class Addresses
{
    public static bool IsLoopback(this IPAddress address) => IPAddress.IsLoopback(address);
}
