using System.Collections.Concurrent;
using System.Security.Claims;
using Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AccessTokens.Tests;

/// <summary>A small API on a real server that takes tokens of the fake issuer, by a clock that stands still.</summary>
public sealed class ResourceApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ResourceApi(FakeIssuer issuer, Action<AccessTokenOptions>? configure, TimeSpan? timeout)
    {
        Issuer = issuer;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 64 * 1024);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Lines);
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddRequestIds();
        builder.Services.AddAccessTokens(options =>
        {
            options.Issuer = FakeIssuer.Identifier;
            options.Audience = "members";
            configure?.Invoke(options);
        });
        var client = builder.Services.AddHttpClient(AccessTokenOptions.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => Issuer);
        if (timeout is { } patience)
        {
            client.ConfigureHttpClient(calls => calls.Timeout = patience);
        }

        _app = builder.Build();
        _app.UseRequestIds();
        _app.UseRequestLogScope();
        _app.UseUniformErrors();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapMethods("/members", ["GET", "POST"], (ClaimsPrincipal user) => Results.Json(new
        {
            user.Subject,
            user.ClientId,
            Roles = user.FindAll("role").Select(role => role.Value),
            IsTeacher = user.IsInRole("teacher"),
        })).RequireScope("members");
        _app.MapGet("/both", () => "closed").RequireScope("members").RequireScope("members.read");
        _app.MapGet("/anonymous", () => "open");
        _app.MapGet("/admins", () => "closed").RequireScope("members").RequireAuthorization(policy => policy.RequireRole("admin"));
        _app.MapPost("/echo", async (HttpRequest request) => await new StreamReader(request.Body).ReadToEndAsync());
        _app.MapGet("/broken", string () => throw new InvalidOperationException("a secret of the implementation"));
    }

    public FakeIssuer Issuer { get; }

    public ManualTime Time { get; } = new();

    public CapturedLog Lines { get; } = new();

    public Uri Address { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public static async Task<ResourceApi> StartAsync(FakeIssuer? issuer = null, Action<AccessTokenOptions>? configure = null, TimeSpan? timeout = null)
    {
        var api = new ResourceApi(issuer ?? new FakeIssuer(), configure, timeout);
        await api._app.StartAsync();
        api.Address = new Uri(api._app.Urls.Single());
        api.Client = new HttpClient { BaseAddress = api.Address };
        return api;
    }

    public TokenOf Token => new(Time.Now);

    public Task<HttpResponseMessage> CallAsync(TokenOf token, string path = "/members") => GetAsync($"Bearer {token.Write()}", path);

    public Task<HttpResponseMessage> GetAsync(string? authorization, string path = "/members") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), authorization);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? authorization)
    {
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>Every line the API wrote, with the values of its scopes.</summary>
public sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Writer(CapturedLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            log._scopes.ForEachScope((scope, _) => line += $" | {scope}", 0);
            log.Lines.Enqueue($"{line} {exception}");
        }
    }
}
