using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Operating;

/// <summary>Debian's nginx in front of two nodes: it ends TLS, as docs/production.md has it.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly string _folder;
    private readonly GuardedProcess _process;

    private Nginx(string folder, GuardedProcess process, int port, X509Certificate2 certificate)
    {
        _folder = folder;
        _process = process;
        Origin = $"https://localhost:{port}";
        Certificate = certificate;
    }

    public string Origin { get; }

    private X509Certificate2 Certificate { get; }

    public static async Task<Nginx> StartAsync(int port, params int[] nodes)
    {
        var folder = Directory.CreateTempSubdirectory("identity-nginx-").FullName;
        var certificate = Draw(folder);
        // The very block that docs/production.md shows, with this test's names and ports.
        var documented = await File.ReadAllTextAsync(Repository.PathOf("docs/production.md"));
        var start = documented.IndexOf("```nginx", StringComparison.Ordinal) + "```nginx".Length;
        var block = documented[start..documented.IndexOf("```", start, StringComparison.Ordinal)]
            .Replace("server 10.0.0.11:8080;", $"server 127.0.0.1:{nodes[0]};", StringComparison.Ordinal)
            .Replace("server 10.0.0.12:8080;", $"server 127.0.0.1:{nodes[1]};", StringComparison.Ordinal)
            .Replace("listen 443 ssl;", $"listen 127.0.0.1:{port} ssl;", StringComparison.Ordinal)
            .Replace("id.example.com", "localhost", StringComparison.Ordinal)
            .Replace("/etc/ssl/localhost.pem", Path.Combine(folder, "certificate.pem"), StringComparison.Ordinal)
            .Replace("/etc/ssl/localhost.key", Path.Combine(folder, "key.pem"), StringComparison.Ordinal);
        var configuration = Path.Combine(folder, "nginx.conf");
        var paths = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(name => $"  {name}_temp_path {folder}/{name};\n"));
        await File.WriteAllTextAsync(configuration, $"daemon off;\nmaster_process off;\npid {folder}/pid;\nerror_log stderr;\nevents {{ }}\nhttp {{\n  access_log off;\n{paths}{block}}}\n");
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        var log = Path.Combine(folder, "log");
        var process = await GuardedProcess.StartAsync(log, program, "-c", configuration, "-p", folder);
        await ListeningAsync(port, process, log);
        return new Nginx(folder, process, port, certificate);
    }

    /// <summary>A client that trusts this server, and connects from that address.</summary>
    public HttpClient NewClient(string from = "127.0.0.1") => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == Certificate.GetCertHashString() },
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri(Origin),
    };

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static X509Certificate2 Draw(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static async Task ListeningAsync(int port, GuardedProcess process, string log)
    {
        for (var i = 0; i < 200 && !process.HasExited; i++)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(25);
            }
        }

        throw new InvalidOperationException("nginx does not listen: " + await File.ReadAllTextAsync(log));
    }
}
