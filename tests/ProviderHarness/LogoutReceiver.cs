using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ProviderHarness;

/// <summary>A logout token as it came, and how.</summary>
public sealed record ReceivedLogout(string Token, string ContentType, IReadOnlyList<string> Fields)
{
    public JsonElement Header => JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(Token.Split('.')[0]));

    public JsonElement Claims => DatabaseLooks.PayloadOf(Token);

    public string SessionId => Claims.GetProperty("sid").GetString()!;
}

/// <summary>The side of a client that is told of logouts (Back-Channel Logout 1.0 §2.5), where the sandbox listens otherwise.</summary>
public sealed class LogoutReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedLogout> _received = new();
    private readonly WebApplication _app;

    private LogoutReceiver(int port, string path)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"));
        _app = builder.Build();
        _app.MapPost(path, ReceiveAsync);
        _app.MapFallback(context =>
        {
            WentElsewhere = true;
            return Task.CompletedTask;
        });
    }

    public IReadOnlyCollection<ReceivedLogout> Received => _received;

    /// <summary>Somebody asked for another path: a redirect was followed.</summary>
    public bool WentElsewhere { get; private set; }

    /// <summary>What it answers; 200 unless a test says otherwise.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <param name="path">What the client registered; by default what <c>web</c> did in <c>config/development.yaml</c>.</param>
    public static Task<LogoutReceiver> StartAsync(Provider provider, string path = "/backchannel-logout") => StartAsync(provider.Issuer, path);

    /// <inheritdoc cref="StartAsync(Provider, string)"/>
    public static Task<LogoutReceiver> StartAsync(Installation installation) => StartAsync(installation.Issuer, "/backchannel-logout");

    /// <summary>Waits until it was called so often; a moment longer than a node looks by itself.</summary>
    public async Task<IReadOnlyList<ReceivedLogout>> WaitAsync(int count)
    {
        for (var i = 0; i < 100 && _received.Count < count; i++)
        {
            await Task.Delay(50);
        }

        return _received.Count >= count ? [.. _received] : throw new TimeoutException($"{_received.Count} logout tokens came, not {count}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<LogoutReceiver> StartAsync(string issuer, string path)
    {
        var receiver = new LogoutReceiver(new Uri(issuer).Port + 9, path);
        await receiver._app.StartAsync();
        return receiver;
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        _received.Enqueue(new ReceivedLogout(form["logout_token"].ToString(), context.Request.ContentType!, [.. form.Keys]));
        await Answer(context);
    }
}
