using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Jose;

/// <summary>
/// A private key bound to one algorithm (RFC 8725 §3.1). Any number of threads may sign with one instance at once: the key inside is
/// never changed after construction, which is what OpenSSL asks of a shared EVP_PKEY, and RSA's blinding has its own lock there.
/// </summary>
public sealed class SigningKey : IDisposable
{
    // "at+jwt" stays readable: nothing here is ever put into a page.
    private static readonly JsonWriterOptions HeaderFormat = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SignatureAlgorithm _algorithm;
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;
    private EncodedHeader[] _headers = [];

    private SigningKey(SignatureAlgorithm algorithm, ECDsa? ec, RSA? rsa, string? keyId)
    {
        (_algorithm, _ec, _rsa) = (algorithm, ec, rsa);
        SignatureLength = algorithm.Curve is { } curve ? 2 * curve.CoordinateLength : (rsa!.KeySize + 7) / 8;
        PublicKey = ec is not null
            ? VerificationKey.FromEc(algorithm, ec.ExportParameters(includePrivateParameters: false), keyId)
            : VerificationKey.FromRsa(algorithm, rsa!.ExportParameters(includePrivateParameters: false), keyId);
    }

    /// <summary>The <c>kid</c>: as given, else the key's RFC 7638 thumbprint.</summary>
    public string KeyId => PublicKey.KeyId!;

    /// <summary>A name of <see cref="Algorithms"/>.</summary>
    public string Algorithm => _algorithm.Name;

    public VerificationKey PublicKey { get; }

    /// <summary>In bytes, the same for every signature of this key.</summary>
    public int SignatureLength { get; }

    /// <summary>A fresh key: RSA of 2048 bits, or on the algorithm's curve.</summary>
    /// <exception cref="ArgumentException">The algorithm is not one of <see cref="Algorithms"/>.</exception>
    public static SigningKey Create(string algorithm)
    {
        var row = SignatureAlgorithm.Get(algorithm);
        return row.Curve is { } curve
            ? new SigningKey(row, ECDsa.Create(curve.Parameters), null, null)
            : new SigningKey(row, null, RSA.Create(2048), null);
    }

    /// <summary>A key from its PKCS#8 encoding.</summary>
    /// <exception cref="ArgumentException">The algorithm is unknown, or the key is of another family, another curve or a refused
    /// size.</exception>
    /// <exception cref="CryptographicException">The bytes are not a private key of the algorithm's family.</exception>
    public static SigningKey Import(ReadOnlySpan<byte> pkcs8, string algorithm, string? keyId = null)
    {
        var row = SignatureAlgorithm.Get(algorithm);
        AsymmetricAlgorithm key = row.Curve is null ? RSA.Create() : ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return new SigningKey(row, key as ECDsa, key as RSA, keyId);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The private key in the clear; the caller wraps it and clears the array.</summary>
    public byte[] ExportPkcs8() => _ec?.ExportPkcs8PrivateKey() ?? _rsa!.ExportPkcs8PrivateKey();

    /// <summary>
    /// Signs into <paramref name="signature"/>, which holds <see cref="SignatureLength"/> bytes; ES as R ‖ S (RFC 7518 §3.4).
    /// </summary>
    public void Sign(ReadOnlySpan<byte> signingInput, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SignatureAlgorithm.MaxHashLength];
        hash = hash[.._algorithm.Hash(signingInput, hash)];

        // Hashing apart from signing spares the hash object that SignData makes for every call.
        var signed = _ec is not null
            ? _ec.TrySignHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out var written)
            : _rsa!.TrySignHash(hash, signature, _algorithm.HashName, _algorithm.Padding!, out written);
        if (!signed || written != SignatureLength)
        {
            throw new CryptographicException("The signature does not fit its buffer.");
        }
    }

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }

    /// <summary>The JOSE header for tokens of that type, already base64url: written once, then only copied.</summary>
    internal byte[] HeaderFor(string type)
    {
        foreach (var header in _headers)
        {
            if (header.Type == type)
            {
                return header.Ascii;
            }
        }

        var made = new EncodedHeader(type, EncodeHeader(type));

        // Threads that race here write the same bytes, and a lost update is made again by the next caller: no lock is needed.
        _headers = [.. _headers, made];
        return made.Ascii;
    }

    private byte[] EncodeHeader(string type)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, HeaderFormat))
        {
            writer.WriteStartObject();
            writer.WriteString("alg"u8, Algorithm);
            writer.WriteString("typ"u8, type);
            writer.WriteString("kid"u8, KeyId);
            writer.WriteEndObject();
        }

        var header = json.GetBuffer().AsSpan(0, (int)json.Length);
        var ascii = new byte[Base64Url.EncodedLength(header.Length)];
        Base64Url.Encode(header, ascii);
        return ascii;
    }

    private sealed record EncodedHeader(string Type, byte[] Ascii);
}
