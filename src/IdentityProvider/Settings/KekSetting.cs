using System.Security.Cryptography;

namespace IdentityProvider;

/// <summary>Setting <c>Keys:Kek</c>: the key-encryption key itself, or the file that holds it.</summary>
public static class KekSetting
{
    public const string Form = "must be 32 random bytes in base64, or the path of a file that holds them";

    /// <summary>The key, or null with the end of the sentence “Keys:Kek …”. What was given is never repeated: it may be most of a key.</summary>
    public static KeyEncryptionKey? Read(string? value, bool development, out string? problem)
    {
        problem = null;
        if (string.IsNullOrWhiteSpace(value))
        {
            problem = development
                ? "is missing: start with ./run, which draws one and keeps it, or give one (openssl rand -base64 32)."
                : "is missing: without it a copy of the database would hold every key. Draw one (openssl rand -base64 32) and keep it apart from the database.";
            return null;
        }
        if (Decode(value) is { } key)
        {
            return Take(key);
        }

        if (!File.Exists(value))
        {
            problem = Form + "; it is neither.";
            return null;
        }
        try
        {
            if (Decode(File.ReadAllText(value)) is { } fromFile)
            {
                return Take(fromFile);
            }

            problem = Form + "; the file holds something else.";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = "names a file that cannot be read.";
        }
        return null;
    }

    /// <summary>The keys of a list, each written as <c>Keys:Kek</c> is; or the end of the sentence “Keys:AlsoRead …”.</summary>
    public static IReadOnlyList<KeyEncryptionKey> ReadList(string? value, out string? problem)
    {
        problem = null;
        var keys = new List<KeyEncryptionKey>();
        foreach (var entry in (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Read(entry, development: false, out problem) is not { } key)
            {
                return [];
            }

            keys.Add(key);
        }

        return keys;
    }

    private static KeyEncryptionKey Take(byte[] key)
    {
        var kek = new KeyEncryptionKey(key);
        CryptographicOperations.ZeroMemory(key);
        return kek;
    }

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[KeyEncryptionKey.Bytes];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var written) && written == bytes.Length ? bytes : null;
    }
}
