using System.Net;
using System.Text.Json;

namespace Operating;

public sealed class HealthTests
{
    [Fact]
    public async Task A_node_with_everything_it_needs_is_ready()
    {
        await using var provider = await Provider.StartAsync();

        (await ReadyAsync(provider.Client)).ShouldBe((HttpStatusCode.OK, """{"status":"ready","database":"ok","migrations":"ok","keys":"ok","configuration":"ok"}"""));
        (await provider.Client.GetStringAsync("/health/live")).ShouldBe("""{"status":"live"}""");
    }

    [Fact]
    public async Task A_node_without_PostgreSQL_is_alive_and_says_what_is_missing()
    {
        await using var cluster = await Cluster.StartNewAsync();
        await using var provider = await Provider.StartAsync(await cluster.AddDatabaseAsync());
        await cluster.StopAsync();

        (await ReadyAsync(provider.Client)).ShouldBe(
            (HttpStatusCode.ServiceUnavailable, """{"status":"waiting","database":"missing","migrations":"missing","keys":"ok","configuration":"ok"}"""));
        (await provider.Client.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_node_on_a_database_that_lacks_its_schema_is_not_ready()
    {
        await using var provider = await Provider.StartAsync();
        await provider.ExecuteAsync("""delete from "__EFMigrationsHistory" """);

        var (status, body) = await ReadyAsync(provider.Client);

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonElement.Parse(body).GetProperty("migrations").GetString().ShouldBe("missing");
        JsonElement.Parse(body).GetProperty("database").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task A_node_that_was_told_to_stop_is_first_not_ready_then_finishes_then_exits()
    {
        await using var database = await Cluster.CreateDatabaseAsync();
        await using var node = await NodeProcess.StartAsync(new Installation(database), "Shutdown:Drain=00:00:01.500");

        await node.TerminateAsync();
        var (status, body) = await StoppingAsync(node);

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        JsonElement.Parse(body).GetProperty("status").GetString().ShouldBe("stopping");
        // Whoever has not noticed yet is served.
        (await node.Client.GetAsync("/.well-known/openid-configuration")).StatusCode.ShouldBe(HttpStatusCode.OK);
        node.HasExited.ShouldBeFalse();
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }

    // The signal takes a moment to arrive.
    private static async Task<(HttpStatusCode Status, string Body)> StoppingAsync(NodeProcess node)
    {
        while (true)
        {
            if (await ReadyAsync(node.Client) is { Status: not HttpStatusCode.OK } answer)
            {
                return answer;
            }
        }
    }

    private static async Task<(HttpStatusCode Status, string Body)> ReadyAsync(HttpClient client)
    {
        using var response = await client.GetAsync("/health/ready");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
