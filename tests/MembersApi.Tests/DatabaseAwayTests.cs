using System.Net;
using Harness;

namespace MembersApi.Tests;

/// <summary>PostgreSQL goes and comes back; nobody restarts the service.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private const string Profile = """{"name":"Alice","email":"alice@example.com"}""";

    private readonly Members _members = new();
    private Cluster _cluster = null!;
    private Database _database = null!;

    public async Task InitializeAsync()
    {
        _cluster = await Cluster.StartNewAsync();
        _database = await _cluster.AddDatabaseAsync();
    }

    public async Task DisposeAsync()
    {
        await _members.DisposeAsync();
        await _database.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Says_to_come_back_while_PostgreSQL_is_away_and_recovers_by_itself()
    {
        await _members.StartAsync(_database.ConnectionString);
        var token = _members.Issuer.Token();
        (await _members.PostProfileAsync(token, Profile)).StatusCode.ShouldBe(HttpStatusCode.OK);

        await _cluster.StopAsync();
        await ShouldBeUnavailableAsync(token);
        await _cluster.StartAsync();

        // Connections that were cut are noticed one by one; the answer to that is 503 too, never 500.
        await ShouldRecoverAsync(token);
        (await _members.GetProfileAsync(token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Starts_without_PostgreSQL_and_prepares_the_database_when_it_comes()
    {
        await _cluster.StopAsync();
        await _members.StartAsync(_database.ConnectionString);
        var token = _members.Issuer.Token();

        await ShouldBeUnavailableAsync(token);
        await _cluster.StartAsync();

        await ShouldRecoverAsync(token);
    }

    private async Task ShouldBeUnavailableAsync(string token)
    {
        foreach (var response in new[]
        {
            await _members.GetProfileAsync(token),
            await _members.PostProfileAsync(token, Profile),
            await _members.Client.GetAsync("/health/ready"),
        })
        {
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"SERVICE_UNAVAILABLE\"");
        }

        (await _members.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task ShouldRecoverAsync(string token)
    {
        for (var attempt = 0; attempt < 40; attempt++)
        {
            var response = await _members.PostProfileAsync(token, Profile);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            await Task.Delay(50);
        }

        (await _members.PostProfileAsync(token, Profile)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
