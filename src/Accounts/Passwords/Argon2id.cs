using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Accounts;

/// <summary>
/// Argon2id (RFC 9106) by the system's libargon2, in PHC string form: <c>$argon2id$v=19$m=19456,t=2,p=1$salt$hash</c>. Passwords are
/// compared after NFKC (NIST SP 800-63B §5.1.1.2), so that the same keys give the same password on every system and input method.
/// </summary>
internal static partial class Argon2id
{
    /// <summary>What new hashes are made with, and what stored ones must reach: 19 MiB, two passes, one lane.</summary>
    public static readonly Cost Current = new(MemoryKib: 19 * 1024, Passes: 2, Lanes: 1);

    private const int SaltBytes = 16, HashBytes = 32, MaximumBytes = 64;

    // A stored hash that asks for more than this is damage, not strength.
    private static readonly Cost Most = new(MemoryKib: 1024 * 1024, Passes: 32, Lanes: 16);

    public sealed record Cost(int MemoryKib, int Passes, int Lanes)
    {
        public bool AtLeast(Cost other) => MemoryKib >= other.MemoryKib && Passes >= other.Passes && Lanes >= other.Lanes;
    }

    private sealed record Encoded(Cost Cost, byte[] Salt, byte[] Hash);

    public static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Compute(password, salt, Current, HashBytes);
        return string.Create(CultureInfo.InvariantCulture,
            $"$argon2id$v=19$m={Current.MemoryKib},t={Current.Passes},p={Current.Lanes}${Base64(salt)}${Base64(hash)}");
    }

    /// <summary>
    /// Whether <paramref name="password"/> made <paramref name="encoded"/>; anything that is no Argon2id hash matches nothing.
    /// </summary>
    public static bool Verify(string encoded, string password) =>
        Parse(encoded) is { } stored
        && CryptographicOperations.FixedTimeEquals(Compute(password, stored.Salt, stored.Cost, stored.Hash.Length), stored.Hash);

    public static bool IsHash(string encoded) => Parse(encoded) is not null;

    /// <summary>Whether the hash is cheaper to attack than one made today.</summary>
    public static bool IsWeak(string encoded) =>
        Parse(encoded) is not { } stored || !stored.Cost.AtLeast(Current) || stored.Hash.Length < HashBytes;

    private static byte[] Compute(string password, byte[] salt, Cost cost, int length)
    {
        var bytes = Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC));
        var hash = new byte[length];
        try
        {
            var status = HashRaw((uint)cost.Passes, (uint)cost.MemoryKib, (uint)cost.Lanes,
                bytes, (nuint)bytes.Length, salt, (nuint)salt.Length, hash, (nuint)length);
            return status == 0 ? hash : throw new CryptographicException($"libargon2 failed with {status}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static Encoded? Parse(string encoded)
    {
        // "", "argon2id", "v=19", "m=..,t=..,p=..", salt, hash
        if (encoded.Split('$') is not ["", "argon2id", "v=19", var cost, var salt, var hash] || ParseCost(cost) is not { } parsed)
        {
            return null;
        }

        return FromBase64(salt) is { Length: >= 8 and <= MaximumBytes } saltBytes
            && FromBase64(hash) is { Length: >= 16 and <= MaximumBytes } hashBytes
            ? new Encoded(parsed, saltBytes, hashBytes)
            : null;
    }

    private static Cost? ParseCost(string text)
    {
        if (text.Split(',') is not [var memory, var passes, var lanes]
            || Number(memory, "m=") is not { } m || Number(passes, "t=") is not { } t || Number(lanes, "p=") is not { } p)
        {
            return null;
        }

        var cost = new Cost(m, t, p);
        // RFC 9106 §3.1: at least one pass, one lane, and eight blocks a lane.
        return cost.AtLeast(new Cost(8 * p, 1, 1)) && Most.AtLeast(cost) ? cost : null;
    }

    private static int? Number(string text, string name) =>
        text.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // PHC strings carry base64 without padding.
    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var written) ? bytes[..written] : null;
    }

    [LibraryImport("libargon2.so.1", EntryPoint = "argon2id_hash_raw")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int HashRaw(uint passes, uint memoryKib, uint lanes,
        [In] byte[] password, nuint passwordLength, [In] byte[] salt, nuint saltLength, [Out] byte[] hash, nuint hashLength);
}
