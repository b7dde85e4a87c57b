using System.Buffers.Text;
using System.Security.Cryptography;

namespace Accounts;

/// <summary>The handle of a challenge: <c>ch_</c> and 256 random bits in base64url. Only its SHA-256 is stored.</summary>
internal static class ChallengeHandle
{
    private const string Prefix = "ch_";
    private const int Length = 3 + 43;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the challenge is stored under, or null when <paramref name="handle"/> is none of ours.</summary>
    public static byte[]? Id(string handle) =>
        handle.Length == Length && handle.StartsWith(Prefix, StringComparison.Ordinal) ? Digest.Of(handle) : null;
}
