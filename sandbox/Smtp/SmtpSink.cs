using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Sandbox;

/// <summary>
/// Takes mail for everyone and delivers none of it: a submission server on loopback, once with STARTTLS and once with TLS from the first
/// byte, whose mail lands in <see cref="Mailbox"/>. Its ports are known once the host has started.
/// </summary>
public sealed partial class SmtpSink(
    SandboxSettings settings, SandboxCertificates certificates, Mailbox mailbox, TimeProvider time, ILogger<SmtpSink> logger)
    : BackgroundService
{
    private const int MostConnections = 100;

    private readonly TcpListener startTls = new(IPAddress.Loopback, settings.Smtp.StartTlsPort);
    private readonly TcpListener implicitTls = new(IPAddress.Loopback, settings.Smtp.ImplicitTlsPort);
    private readonly SemaphoreSlim free = new(MostConnections);
    private long connections;

    /// <summary>Answers to come and commands that came; <c>CONNECT</c> is the greeting, <c>DOT</c> the end of the message.</summary>
    public ScriptedService Script { get; } = new("smtp", SmtpSession.Calls);

    public int StartTlsPort => ((IPEndPoint)startTls.LocalEndpoint).Port;

    public int ImplicitTlsPort => ((IPEndPoint)implicitTls.LocalEndpoint).Port;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Smtp.CaFile is { } file)
        {
            // Moved into place whole: whoever waits for the file never reads half of it.
            var draft = file + ".new";
            await File.WriteAllTextAsync(draft, certificates.AuthorityPem, cancellationToken);
            File.Move(draft, file, overwrite: true);
        }

        startTls.Start();
        implicitTls.Start();
        Listening(StartTlsPort, ImplicitTlsPort);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        startTls.Dispose();
        implicitTls.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(AcceptAsync(startTls, false, stoppingToken), AcceptAsync(implicitTls, true, stoppingToken));

    private async Task AcceptAsync(TcpListener listener, bool secure, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await free.WaitAsync(cancellationToken);
                _ = ServeAsync(await listener.AcceptTcpClientAsync(cancellationToken), secure, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            listener.Stop();
        }
    }

    private async Task ServeAsync(TcpClient client, bool secure, CancellationToken cancellationToken)
    {
        try
        {
            using var _ = client;
            client.NoDelay = true;
            await using var connection = new SmtpConnection(client.GetStream(), settings.Smtp.IdleTimeout);
            var session = new SmtpSession(
                connection, settings.Smtp, certificates, Script, mailbox, time, Interlocked.Increment(ref connections));
            await session.RunAsync(secure, cancellationToken);
        }
        catch (Exception lost)
            when (lost is IOException or SocketException or AuthenticationException or TimeoutException or OperationCanceledException)
        {
            // The other side went away, did not trust the certificate, or the sandbox stops: the session is over, the sink goes on.
            SessionLost(lost.GetType().Name);
        }
        finally
        {
            free.Release();
        }
    }

    [LoggerMessage(LogLevel.Information, "SMTP sink listens on 127.0.0.1:{StartTls} (STARTTLS) and 127.0.0.1:{ImplicitTls} (implicit TLS)")]
    partial void Listening(int startTls, int implicitTls);

    [LoggerMessage(LogLevel.Debug, "SMTP session ended early: {Reason}")]
    partial void SessionLost(string reason);
}
