using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Accounts;

/// <summary>
/// Whether a mail server's certificate is good: for its name, in its time, from an authority of the system's or of <c>Smtp:TrustedCa</c>.
/// </summary>
internal sealed class ServerTrust(string? trustedCa)
{
    private readonly Lazy<X509Certificate2Collection> _authorities = new(() => Read(trustedCa));

    public bool IsTrusted(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }
        // A wrong name or no certificate is nothing an authority can mend.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || _authorities.Value.Count == 0)
        {
            return false;
        }

        if (certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities.Value);
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        // A private authority has no revocation service that could be asked from here.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(server);
    }

    private static X509Certificate2Collection Read(string? path)
    {
        var authorities = new X509Certificate2Collection();
        if (!string.IsNullOrEmpty(path))
        {
            authorities.ImportFromPemFile(path);
        }

        return authorities;
    }
}
