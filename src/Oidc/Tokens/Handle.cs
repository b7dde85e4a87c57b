// RFC 6749 §10.10: opaque credentials nobody can guess; at rest only their hash.
using System.Security.Cryptography;
using System.Text;
using Jose;

namespace Oidc;

/// <summary>
/// An opaque credential: a prefix that names its kind and 256 random bits. The hash covers the prefix too, so a handle of one kind can
/// never be found in the table of another.
/// </summary>
public static class Handle
{
    public const string AuthorizationCode = "ac_";
    public const string RefreshToken = "rt_";
    public const string ReferenceToken = "at_";

    private const int RandomBytes = 32;
    private const int EncodedLength = 43;

    public static string Create(string kind)
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        RandomNumberGenerator.Fill(random);
        return kind + Base64Url.Encode(random);
    }

    /// <summary>A handle whose random part was computed: the successor of a refresh token.</summary>
    public static string FromBytes(string kind, ReadOnlySpan<byte> random) => kind + Base64Url.Encode(random);

    public static byte[] Hash(string handle) => SHA256.HashData(Encoding.ASCII.GetBytes(handle));

    /// <summary>The hash to look for, or null when <paramref name="presented"/> cannot be a handle of that kind: then nobody asks the database.</summary>
    public static byte[]? HashOf(string presented, string kind) =>
        presented.Length == kind.Length + EncodedLength && presented.StartsWith(kind, StringComparison.Ordinal) && Ascii.IsValid(presented) ? Hash(presented) : null;
}
