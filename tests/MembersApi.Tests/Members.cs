using System.Net.Http.Headers;
using System.Text;
using Harness;
using Microsoft.AspNetCore.Builder;

namespace MembersApi.Tests;

/// <summary>The members API as <c>Main</c> runs it, on a port and a database of its own.</summary>
public sealed class Members : IAsyncLifetime
{
    public const string Shop = "http://shop.example:5103";

    private Database? _database;
    private WebApplication _app = null!;

    public Issuer Issuer { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        await StartAsync(_database.ConnectionString);
    }

    /// <summary>On a database that may be away.</summary>
    public async Task StartAsync(string connectionString)
    {
        Issuer = await Issuer.StartAsync();
        _app = await StartAsync(Issuer, connectionString);
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public static async Task<WebApplication> StartAsync(Issuer issuer, string connectionString)
    {
        var app = Program.Build(
        [
            "--environment=Development",
            "--urls=http://127.0.0.1:0",
            $"--Oidc:Issuer={issuer.Identifier}",
            $"--ConnectionStrings:Members={connectionString}",
            $"--Cors:Origins={Shop} https://shop.example",
            "--Logging:LogLevel:Default=Warning",
        ]);
        await app.StartAsync();
        return app;
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Issuer.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    public Task<HttpResponseMessage> GetProfileAsync(string? token) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, "/api/profile"), token);

    public Task<HttpResponseMessage> PostProfileAsync(string? token, string json, string mediaType = "application/json") =>
        PostProfileAsync(token, Encoding.UTF8.GetBytes(json), mediaType);

    public async Task<HttpResponseMessage> PostProfileAsync(string? token, byte[] body, string mediaType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await SendAsync(new HttpRequestMessage(HttpMethod.Post, "/api/profile") { Content = content }, token);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? token)
    {
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return Client.SendAsync(request);
    }
}
