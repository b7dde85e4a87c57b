using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sandbox;

/// <summary>
/// A certificate authority made at start and a certificate of it for <c>localhost</c>, <c>127.0.0.1</c> and <c>::1</c>, so that those who
/// submit mail can keep strict TLS in development. The authority's key is thrown away once that one certificate is signed: trusting the
/// authority trusts nothing else.
/// </summary>
public sealed class SandboxCertificates : IDisposable
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly X509Certificate2 server;

    public SandboxCertificates(TimeProvider time)
    {
        var notBefore = time.GetUtcNow() - ClockSkew;
        var notAfter = notBefore + Lifetime;
        using var authority = MakeAuthority(notBefore, notAfter);
        server = MakeServer(authority, notBefore, notAfter);
        AuthorityPem = authority.ExportCertificatePem() + "\n";
        Server = SslStreamCertificateContext.Create(server, additionalCertificates: null, offline: true);
    }

    /// <summary>The authority's certificate, PEM: what a submission client is told to trust.</summary>
    public string AuthorityPem { get; }

    public SslStreamCertificateContext Server { get; }

    public void Dispose() => server.Dispose();

    private static X509Certificate2 MakeAuthority(DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Identity sandbox authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(notBefore, notAfter);
    }

    private static X509Certificate2 MakeServer(X509Certificate2 authority, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);

        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // serverAuth
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));

        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)(serial[0] & 0x7F | 0x40); // RFC 5280 §4.1.2.2: positive, and no leading zero byte
        using var certificate = request.Create(authority, notBefore, notAfter, serial);
        return certificate.CopyWithPrivateKey(key);
    }
}
