using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider;

/// <summary>Reads the member <c>secrets</c> of a client or a resource. A value stands in the file in development only; otherwise <c>env:NAME</c> or <c>file:/path</c> says where it is.</summary>
internal sealed class SecretReading(string? origin)
{
    public const int MinimumLength = 32;

    /// <summary>SHA-256 of each secret that is there and good enough; of the others a problem.</summary>
    public IEnumerable<byte[]> Read(YamlSection section)
    {
        foreach (var given in section.Texts("secrets"))
        {
            var secret = Resolve(given);
            if (secret is null)
            {
                section.Problem($"names a secret that is not there: {given}.");
            }
            else if (origin is null && (secret.Length < MinimumLength || secret.EndsWith("-development-secret", StringComparison.Ordinal)))
            {
                section.Problem($"has a secret that is too short or a default; draw one of at least {MinimumLength} characters (openssl rand -base64 32).");
            }
            else
            {
                yield return SHA256.HashData(Encoding.UTF8.GetBytes(secret));
            }
        }
    }

    private static string? Resolve(string given) =>
        given.StartsWith("env:", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(given[4..])
        : !given.StartsWith("file:", StringComparison.Ordinal) ? given
        : File.Exists(given[5..]) ? File.ReadAllText(given[5..]).Trim()
        : null;
}
