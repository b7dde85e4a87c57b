using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Sandbox.Tests;

/// <summary>A sandbox of its own for each test: free ports, user <c>mailer</c>, password <see cref="Password"/>.</summary>
public sealed class RunningSandbox : IAsyncDisposable
{
    public const string Password = "pass-for-the-sink";

    private readonly WebApplication app;

    private RunningSandbox(WebApplication app)
    {
        this.app = app;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
        Smtp = app.Services.GetRequiredService<SmtpSink>();
        Mailbox = app.Services.GetRequiredService<Mailbox>();
        AuthorityPem = app.Services.GetRequiredService<SandboxCertificates>().AuthorityPem;
    }

    public HttpClient Http { get; }

    public SmtpSink Smtp { get; }

    public Mailbox Mailbox { get; }

    public string AuthorityPem { get; }

    public static string[] Arguments(params string[] more) =>
    [
        "--environment=Development", "--Sandbox:Key=key-of-this-test-run", "--Urls=http://127.0.0.1:0",
        "--Smtp:StartTlsPort=0", "--Smtp:ImplicitTlsPort=0", "--Smtp:User=mailer", $"--Smtp:Pass={Password}",
        "--Logging:LogLevel:Default=Warning", .. more,
    ];

    public static async Task<RunningSandbox> StartAsync(params string[] more)
    {
        var built = Program.Build(Arguments(more));
        await built.StartAsync();
        return new RunningSandbox(built);
    }

    public async Task ScriptAsync(object script)
    {
        using var answer = await Http.PostAsJsonAsync("/control/smtp/script", script);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Connects to the STARTTLS port, and says nothing yet.</summary>
    public Task<SmtpClient> ConnectAsync() => SmtpClient.ConnectAsync(Smtp.StartTlsPort, AuthorityPem);

    /// <summary>A client that is about to say MAIL: over TLS, greeted, authenticated.</summary>
    public async Task<SmtpClient> SignInAsync()
    {
        var client = await SmtpClient.ConnectAsync(Smtp.ImplicitTlsPort, AuthorityPem);
        await client.SecureAsync();
        await client.ExpectAsync(220);
        await client.SayAsync("EHLO test", 250);
        await client.SayAsync($"AUTH PLAIN {SmtpClient.Plain("mailer", Password)}", 235);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
