using System.Net;
using System.Net.Http.Headers;
using Harness;
using Microsoft.AspNetCore.Builder;
using ProviderHarness;

namespace Flows;

/// <summary>The members API asks the provider about the tokens of a client that has them by reference.</summary>
public sealed class ResourceApiTests : IAsyncLifetime
{
    private Provider _provider = null!;
    private Database _database = null!;
    private WebApplication _members = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _provider = await Provider.StartAsync();
        _database = await Cluster.CreateDatabaseAsync();
        _members = await StartAsync("members-development-secret");
        _client = ClientOf(_members);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _members.DisposeAsync();
        await _database.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_reference_token_opens_the_members_API()
    {
        var tokens = await SignInAsync("openid members");

        // Whoever is let in learns that she has no profile yet.
        tokens.AccessToken.ShouldStartWith("at_");
        (await StatusAsync(_client, tokens.AccessToken)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task One_without_its_scope_does_not()
    {
        var tokens = await _provider.TokenAsync("reference-client", ("grant_type", "client_credentials"), ("scope", "members.read"));

        (await StatusAsync(_client, tokens.AccessToken)).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task One_for_nobody_but_the_provider_does_not() =>
        (await StatusAsync(_client, (await SignInAsync("openid")).AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task One_that_was_given_back_does_not()
    {
        var tokens = await SignInAsync("openid members");
        await _provider.PostAsync("/connect/revocation", ("reference-client", "reference-client-development-secret"), ("token", tokens.AccessToken));

        (await StatusAsync(_client, tokens.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task One_nobody_issued_does_not() =>
        (await StatusAsync(_client, "at_pAZ1mY4x0vQ8rJ3kS7tU2wE6nB9cF5gH1iL0oD4yXzA")).ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task With_a_wrong_secret_the_API_can_say_nothing_about_a_token()
    {
        await using var other = await StartAsync("a-secret-that-is-wrong");
        using var client = ClientOf(other);

        (await StatusAsync(client, (await SignInAsync("openid members")).AccessToken)).ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private async Task<WebApplication> StartAsync(string secret)
    {
        var app = MembersApi.Program.Build(
        [
            "--environment=Development", "--urls=http://127.0.0.1:0", $"--Oidc:Issuer={_provider.Issuer}", $"--ConnectionStrings:Members={_database.ConnectionString}",
            $"--Introspection:Secret={secret}", "--Logging:LogLevel:Default=None",
        ]);
        await app.StartAsync();
        return app;
    }

    private async Task<TokenAnswer> SignInAsync(string scope) => await _provider.RedeemAsync(
        "reference-client", await (await SignedIn.AsAsync(_provider, "alice@example.com")).AuthorizeAsync("reference-client", scope));

    private static HttpClient ClientOf(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/profile");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
