using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Accounts.Tests;

/// <summary>A certificate authority for the run, and certificates of mail servers by it.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Today = TimeProvider.System.GetUtcNow();

    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(Today.AddDays(-1), Today.AddDays(30));
        PemFile = Path.Combine(Path.GetTempPath(), $"{RandomNumberGenerator.GetHexString(16, lowercase: true)}.pem");
        File.WriteAllText(PemFile, _root.ExportCertificatePem());
    }

    public static TestAuthority Shared { get; } = new();

    /// <summary>Where <c>Smtp:TrustedCa</c> finds it.</summary>
    public string PemFile { get; }

    public X509Certificate2 Issue(string host = "localhost", int validDays = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var until = validDays > 0 ? Today.AddDays(validDays) : Today.AddHours(-1);
        using var certificate = request.Create(_root, Today.AddDays(-1), until, RandomNumberGenerator.GetBytes(8));
        // Through PKCS #12, because a key that lives only in memory cannot serve TLS everywhere.
        using var withKey = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
