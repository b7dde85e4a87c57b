using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider;

/// <summary>
/// The one secret that is not in the database. It wraps what must come back (signing keys, the data-protection ring) and yields, by HKDF
/// (RFC 5869), a key for each purpose; so a database dump alone gives neither a key nor a code nor a mail.
/// </summary>
public sealed class KeyEncryptionKey
{
    public const int Bytes = 32;

    private const int NonceBytes = 12, TagBytes = 16;

    private readonly byte[] _key;
    private readonly byte[] _wrapping;

    public KeyEncryptionKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Bytes)
        {
            throw new ArgumentException("A key-encryption key has 32 bytes.", nameof(key));
        }

        _key = key.ToArray();
        _wrapping = Derive("wrapping");
        // Derived, so that nobody has to number keys, and rows wrapped under another key are known as such before they are tried.
        Version = BinaryPrimitives.ReadInt32BigEndian(Derive("version")) & int.MaxValue;
    }

    /// <summary>Stands on every row made under this key.</summary>
    public int Version { get; }

    /// <summary>False for keys like 0000… or abababab…; of 32 random bytes fewer than 16 are different once in more than 10^12 draws.</summary>
    public bool LooksDrawn => _key.Distinct().Count() >= 16;

    /// <summary>The key of one purpose; 32 bytes.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, Bytes, salt: [], info: Encoding.ASCII.GetBytes("identity/" + purpose));

    /// <summary>AES-256-GCM: nonce ‖ ciphertext ‖ tag.</summary>
    /// <param name="context">What it is; wrapped as one thing it does not unwrap as another.</param>
    public byte[] Wrap(ReadOnlySpan<byte> plain, string context)
    {
        var wrapped = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(wrapped.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_wrapping, TagBytes);
        aes.Encrypt(wrapped.AsSpan(0, NonceBytes), plain, wrapped.AsSpan(NonceBytes, plain.Length), wrapped.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(context));
        return wrapped;
    }

    /// <summary>What was wrapped; the caller clears it.</summary>
    /// <exception cref="CryptographicException">It was changed, wrapped as something else, or under another key.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> wrapped, string context)
    {
        if (wrapped.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("Too short to have been wrapped.");
        }

        var plain = new byte[wrapped.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_wrapping, TagBytes);
        aes.Decrypt(wrapped[..NonceBytes], wrapped[NonceBytes..^TagBytes], wrapped[^TagBytes..], plain, Encoding.UTF8.GetBytes(context));
        return plain;
    }
}
