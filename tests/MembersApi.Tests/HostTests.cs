using System.Net;
using Harness;
using Npgsql;

namespace MembersApi.Tests;

/// <summary>What holds for the service as a whole.</summary>
public sealed class HostTests(Members members) : IClassFixture<Members>
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Answers_about_its_health_to_anybody(string path) =>
        (await members.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData(Members.Shop)]
    [InlineData("https://shop.example")]
    public async Task Lets_pages_of_the_configured_origins_read_its_answers(string origin)
    {
        var preflight = await members.SendAsync(Preflight(origin), token: null);
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([origin]);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Authorization");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/profile");
        request.Headers.Add("Origin", origin);
        var refusal = await members.SendAsync(request, token: null);
        refusal.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        refusal.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([origin]);
        refusal.Headers.GetValues("Access-Control-Expose-Headers").Single().ShouldContain("X-Request-Id");
    }

    [Fact]
    public async Task Takes_its_origins_as_a_list_too()
    {
        await using var app = Program.Build(
        [
            "--environment=Development", "--urls=http://127.0.0.1:0", "--Oidc:Issuer=http://127.0.0.1:1", "--ConnectionStrings:Members=Host=127.0.0.1;Port=1",
            "--Cors:Origins:0=https://one.example", "--Cors:Origins:1=https://two.example", "--Logging:LogLevel:Default=None",
        ]);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        foreach (var origin in new[] { "https://one.example", "https://two.example" })
        {
            (await client.SendAsync(Preflight(origin))).Headers.GetValues("Access-Control-Allow-Origin").ShouldBe([origin]);
        }
    }

    [Theory]
    [InlineData("https://attacker.example")]
    [InlineData("http://shop.example")]
    [InlineData("null")]
    public async Task Lets_no_other_page_read_them(string origin) =>
        (await members.SendAsync(Preflight(origin), token: null)).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();

    [Fact]
    public async Task Answers_unknown_paths_in_the_uniform_shape()
    {
        var response = await members.Client.GetAsync("/api/orders");

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var id = response.Headers.GetValues("X-Request-Id").Single();
        (await response.Content.ReadAsStringAsync()).ShouldContain($"\"requestId\":\"{id}\"");
    }

    [Fact]
    public async Task Starts_on_a_database_that_others_are_preparing_too()
    {
        await using var database = await Cluster.CreateDatabaseAsync();

        var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Members.StartAsync(members.Issuer, database.ConnectionString)));

        foreach (var host in hosts)
        {
            using var client = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
            (await client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Waits_for_whoever_is_preparing_the_database()
    {
        await using var database = await Cluster.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var other = await source.OpenConnectionAsync();
        await ExecuteAsync(other, "SELECT pg_advisory_lock(6362377)");

        var starting = Members.StartAsync(members.Issuer, database.ConnectionString);
        while (!starting.IsCompleted && !await IsAnybodyWaitingAsync(other))
        {
            await Task.Delay(10);
        }

        starting.IsCompleted.ShouldBeFalse();
        await ExecuteAsync(other, "SELECT pg_advisory_unlock(6362377)");

        await (await starting).DisposeAsync();
    }

    [Theory]
    [InlineData("--ConnectionStrings:Members=", "ConnectionStrings:Members")]
    [InlineData("--Oidc:Issuer=", "Oidc:Issuer")]
    [InlineData("--environment=Production", "Oidc:Issuer must begin with https")]
    [InlineData("--Cors:Origins=https://shop.example/", "Cors:Origins")]
    [InlineData("--Cors:Origins=*", "Cors:Origins")]
    public async Task Names_the_setting_without_which_it_does_not_start(string argument, string setting)
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(async () =>
        {
            await using var app = Program.Build(
            [
                "--environment=Development", "--urls=http://127.0.0.1:0", "--Oidc:Issuer=http://127.0.0.1:1", "--ConnectionStrings:Members=Host=127.0.0.1;Port=1",
                "--Logging:LogLevel:Default=None", argument,
            ]);
            await app.StartAsync();
        });

        failure.Message.ShouldContain(setting);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<bool> IsAnybodyWaitingAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 6362377 AND NOT granted", connection);
        return (long)(await command.ExecuteScalarAsync())! > 0;
    }

    private static HttpRequestMessage Preflight(string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, "/api/profile");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        return request;
    }
}
