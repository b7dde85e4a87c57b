using System.Net;
using AccessTokens;
using Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SmartCs.Tests;

public sealed class HostTests : IAsyncLifetime
{
    private Database _database = null!;
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        _app = await StartAsync($"--ConnectionStrings:SmartCs={_database.ConnectionString}");
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Answers_about_its_health_to_anybody(string path) =>
        (await GetAsync(_app, path)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Is_not_ready_while_PostgreSQL_is_away()
    {
        await using var app = await StartAsync("--ConnectionStrings:SmartCs=Host=127.0.0.1;Port=1");

        var ready = await GetAsync(app, "/health/ready");
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ready.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        (await GetAsync(app, "/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Takes_access_tokens_that_are_addressed_to_it() =>
        _app.Services.GetRequiredService<IOptionsMonitor<AccessTokenOptions>>().Get(AccessTokenOptions.Scheme).Audience
            .ShouldBe("smart-cs");

    [Fact]
    public async Task Has_no_leads_yet() => (await GetAsync(_app, "/api/leads")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Names_the_database_without_which_it_does_not_start() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => StartAsync("--ConnectionStrings:SmartCs="))).Message
            .ShouldContain("ConnectionStrings:SmartCs");

    [Fact]
    public async Task Takes_no_issuer_without_TLS_outside_development() =>
        (await Should.ThrowAsync<InvalidOperationException>(() => StartAsync("--environment=Production", "--ConnectionStrings:SmartCs=Host=127.0.0.1;Port=1"))).Message
            .ShouldStartWith("Oidc:Issuer must begin with https");

    private static async Task<WebApplication> StartAsync(params string[] arguments)
    {
        var app = Program.Build(
            ["--environment=Development", "--urls=http://127.0.0.1:0", "--Oidc:Issuer=http://127.0.0.1:1", "--Logging:LogLevel:Default=None", .. arguments]);
        await app.StartAsync();
        return app;
    }

    private static async Task<HttpResponseMessage> GetAsync(WebApplication app, string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        return await client.GetAsync(path);
    }
}
