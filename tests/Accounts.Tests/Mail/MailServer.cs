using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Accounts.Tests;

/// <summary>A mail server that takes everything, unless a test tells it otherwise, and remembers what it heard.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    public MailServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public SmtpTls Tls { get; init; } = SmtpTls.Implicit;

    public X509Certificate2 Certificate { get; init; } = TestAuthority.Shared.Issue();

    /// <summary>Keywords offered before TLS.</summary>
    public string[] OffersInTheClear { get; init; } = ["STARTTLS", "AUTH PLAIN LOGIN"];

    /// <summary>Keywords offered under TLS.</summary>
    public string[] Offers { get; init; } = ["AUTH PLAIN LOGIN", "SIZE 1000000"];

    /// <summary>
    /// Replies to give in place of the usual one, by verb; <c>.</c> is the message's end, an empty reply hangs up, a null one keeps silent.
    /// </summary>
    public ConcurrentDictionary<string, string?> Replies { get; } = new(StringComparer.Ordinal);

    /// <summary>Sent in one packet with the answer to STARTTLS, in the clear.</summary>
    public string Injected { get; init; } = "";

    /// <summary>What the client said, one line each, in order; lines said in the clear are marked.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    /// <summary>Messages whose end was seen, as they came over the wire, dots and all.</summary>
    public ConcurrentQueue<string> Messages { get; } = new();

    public SmtpOptions Options => new()
    {
        Host = "localhost",
        Port = Port,
        Tls = Tls,
        User = "user",
        Pass = "secret",
        From = "Identity <no-reply@example.com>",
        TrustedCa = TestAuthority.Shared.PemFile,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                conversations.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            Stream stream = client.GetStream();
            if (Tls == SmtpTls.Implicit)
            {
                stream = await StartTlsAsync(stream);
            }

            if (!await SayAsync(stream, "greeting", "220 mail.example.com ready"))
            {
                return;
            }

            while (await ConverseAsync(stream) == Next.StartTls)
            {
                stream = await StartTlsAsync(stream);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The client hung up, or the test is over.
        }
    }

    private enum Next
    {
        HangUp,
        StartTls,
    }

    private async Task<Next> ConverseAsync(Stream stream)
    {
        var secure = stream is SslStream;
        // Buffers only what it needs, byte by byte, so that nothing of the handshake is swallowed.
        while (await ReadLineAsync(stream) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            // The client does not wait for an answer to it, so whether it is heard in time is chance.
            if (verb == "QUIT")
            {
                return Next.HangUp;
            }

            Heard.Enqueue(secure ? line : $"(clear) {line}");
            switch (verb)
            {
                case "EHLO":
                    if (!await SayAsync(stream, verb, Reply(["mail.example.com", .. secure ? Offers : OffersInTheClear])))
                    {
                        return Next.HangUp;
                    }

                    break;
                case "STARTTLS":
                    var injected = Injected.Length == 0 ? "" : "\r\n" + Injected;
                    return await SayAsync(stream, verb, $"220 go on{injected}") && !Replies.ContainsKey(verb) ? Next.StartTls : Next.HangUp;
                case "AUTH" when line == "AUTH LOGIN":
                    await SayAsync(stream, "LOGIN", "334 VXNlcm5hbWU6");
                    Heard.Enqueue(await ReadLineAsync(stream) ?? "");
                    await SayAsync(stream, "USER", "334 UGFzc3dvcmQ6");
                    Heard.Enqueue(await ReadLineAsync(stream) ?? "");
                    if (!await SayAsync(stream, verb, "235 2.7.0 welcome"))
                    {
                        return Next.HangUp;
                    }

                    break;
                case "AUTH":
                    if (!await SayAsync(stream, verb, "235 2.7.0 welcome"))
                    {
                        return Next.HangUp;
                    }

                    break;
                case "DATA":
                    if (!await SayAsync(stream, verb, "354 go on"))
                    {
                        return Next.HangUp;
                    }

                    if (Replies.ContainsKey(verb))
                    {
                        break;
                    }

                    if (await ReadMessageAsync(stream) is not { } message)
                    {
                        return Next.HangUp;
                    }

                    Messages.Enqueue(message);
                    if (!await SayAsync(stream, ".", "250 2.0.0 taken"))
                    {
                        return Next.HangUp;
                    }

                    break;
                default:
                    if (!await SayAsync(stream, verb, "250 2.0.0 fine"))
                    {
                        return Next.HangUp;
                    }

                    break;
            }
        }
        return Next.HangUp;
    }

    private static string Reply(string[] lines) => string.Concat(lines[..^1].Select(line => $"250-{line}\r\n")) + $"250 {lines[^1]}";

    private async Task<bool> SayAsync(Stream stream, string verb, string usual)
    {
        var reply = Replies.TryGetValue(verb, out var scripted) ? scripted : usual;
        if (reply is null)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token);
        }
        if (string.IsNullOrEmpty(reply))
        {
            return false;
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(reply + "\r\n"), _stop.Token);
        return true;
    }

    private async Task<SslStream> StartTlsAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        return tls;
    }

    private async Task<string?> ReadMessageAsync(Stream stream)
    {
        var message = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line)
        {
            if (line == ".")
            {
                return message.ToString();
            }

            message.Append(line).Append("\r\n");
        }
        return null;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var next = new byte[1];
        while (await stream.ReadAsync(next, _stop.Token) == 1)
        {
            if (next[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(next[0]);
        }
        return null;
    }
}
