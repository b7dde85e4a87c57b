using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sandbox.Tests;

/// <summary>A client that says exactly what it is told, octet for octet, and trusts only the sandbox's authority.</summary>
public sealed class SmtpClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly TcpClient tcp;
    private readonly string authorityPem;
    private Stream stream;

    private SmtpClient(TcpClient tcp, string authorityPem)
    {
        this.tcp = tcp;
        this.authorityPem = authorityPem;
        stream = tcp.GetStream();
    }

    public static async Task<SmtpClient> ConnectAsync(int port, string authorityPem)
    {
        var connected = new TcpClient();
        await connected.ConnectAsync(IPAddress.Loopback, port);
        return new SmtpClient(connected, authorityPem);
    }

    public static string Plain(string user, string password) => Base64($"\0{user}\0{password}");

    public static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public async Task SecureAsync(string host = "localhost")
    {
        var secure = new SslStream(stream);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPem(authorityPem);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = trust });
        stream = secure;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] octets)
    {
        await stream.WriteAsync(octets);
        await stream.FlushAsync();
    }

    /// <summary>One command; the reply's lines without code. Fails when the reply has another code.</summary>
    public async Task<string[]> SayAsync(string command, int code)
    {
        await SendAsync(command + "\r\n");
        return await ExpectAsync(code);
    }

    public async Task<string[]> ExpectAsync(int code)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await ReadLineAsync() ?? throw new EndOfStreamException($"The sink hung up instead of answering {code}.");
            line[..3].ShouldBe(code.ToString(), line);
            lines.Add(line[4..]);
            if (line[3] == ' ')
            {
                return [.. lines];
            }
        }
    }

    /// <summary>The sink closes without another word.</summary>
    public async Task ExpectHangUpAsync() => (await ReadLineAsync()).ShouldBeNull();

    public async Task<string[]> SendMessageAsync(string message, int code = 250, string to = "alice@example.com")
    {
        await SayAsync("MAIL FROM:<no-reply@example.com>", 250);
        await SayAsync($"RCPT TO:<{to}>", 250);
        await SayAsync("DATA", 354);
        await SendAsync(message);
        return await SayAsync(".", code);
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        tcp.Dispose();
    }

    private async Task<string?> ReadLineAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var line = new List<byte>();
        var octet = new byte[1];
        try
        {
            while (await stream.ReadAsync(octet, limit.Token) == 1)
            {
                line.Add(octet[0]);
                if (line is [.., (byte)'\r', (byte)'\n'])
                {
                    return Encoding.UTF8.GetString([.. line[..^2]]);
                }
            }
        }
        catch (IOException)
        {
            // A dropped connection may also show as a reset.
        }

        return line.Count == 0 ? null : throw new EndOfStreamException("The sink hung up in the middle of a line.");
    }
}
