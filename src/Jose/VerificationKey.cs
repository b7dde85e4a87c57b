using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Jose;

/// <summary>
/// A public key that serves one algorithm and no other (RFC 8725 §3.1): asked to verify under any other name it answers no.
/// Safe for use by any number of threads at once.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A key set is replaced while requests still verify with it: the handle's finalizer frees what nobody uses any more.")]
public sealed class VerificationKey
{
    // RFC 7518 §3.3: 2048 bits or larger. Above 8192 a verification costs more than a caller may be made to pay.
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private readonly SignatureAlgorithm _algorithm;
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    // n and e, or x and y, as the JWK spells them.
    private readonly string _first;
    private readonly string _second;

    private VerificationKey(SignatureAlgorithm algorithm, ECParameters parameters, string? keyId)
    {
        _algorithm = algorithm;
        _ec = ECDsa.Create(parameters);
        (_first, _second) = (Base64Url.Encode(parameters.Q.X), Base64Url.Encode(parameters.Q.Y));
        Thumbprint = Sha256($$"""{"crv":"{{algorithm.Curve!.Name}}","kty":"EC","x":"{{_first}}","y":"{{_second}}"}""");
        KeyId = keyId;
    }

    private VerificationKey(SignatureAlgorithm algorithm, RSAParameters parameters, string? keyId)
    {
        _algorithm = algorithm;
        _rsa = RSA.Create(parameters);
        (_first, _second) = (Base64Url.Encode(parameters.Modulus), Base64Url.Encode(parameters.Exponent));
        Thumbprint = Sha256($$"""{"e":"{{_second}}","kty":"RSA","n":"{{_first}}"}""");
        KeyId = keyId;
    }

    /// <summary>The <c>kid</c> (RFC 7517 §4.5); null for a key of a foreign set that has none.</summary>
    public string? KeyId { get; private set; }

    /// <summary>The one algorithm it serves, a name of <see cref="Algorithms"/>.</summary>
    public string Algorithm => _algorithm.Name;

    /// <summary>SHA-256 thumbprint, base64url (RFC 7638 §3).</summary>
    public string Thumbprint { get; }

    /// <summary>True only when <paramref name="alg"/> is this key's algorithm and the signature is right.</summary>
    public bool Verify(ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature, string alg)
    {
        if (alg != _algorithm.Name)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SignatureAlgorithm.MaxHashLength];
        hash = hash[.._algorithm.Hash(signingInput, hash)];
        return _ec is not null
            ? _ec.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : _rsa!.VerifyHash(hash, signature, _algorithm.HashName, _algorithm.Padding!);
    }

    /// <summary>
    /// Writes the public JWK: <c>kty</c>, <c>use</c>, <c>alg</c>, <c>kid</c> and the key's two numbers (RFC 7517 §4, RFC 7518 §6).
    /// </summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("kty"u8, _ec is null ? "RSA"u8 : "EC"u8);
        writer.WriteString("use"u8, "sig"u8);
        writer.WriteString("alg"u8, Algorithm);
        if (KeyId is not null)
        {
            writer.WriteString("kid"u8, KeyId);
        }

        if (_algorithm.Curve is { } curve)
        {
            writer.WriteString("crv"u8, curve.Name);
            writer.WriteString("x"u8, _first);
            writer.WriteString("y"u8, _second);
        }
        else
        {
            writer.WriteString("n"u8, _first);
            writer.WriteString("e"u8, _second);
        }

        writer.WriteEndObject();
    }

    /// <summary>The public half of a key of ours: without a given name it is called by its thumbprint.</summary>
    /// <exception cref="ArgumentException">The curve is not the algorithm's.</exception>
    internal static VerificationKey FromEc(SignatureAlgorithm algorithm, ECParameters parameters, string? keyId)
    {
        if (!algorithm.Curve!.Is(parameters.Curve))
        {
            throw new ArgumentException($"{algorithm.Name} is used with {algorithm.Curve.Name} only (RFC 7518 §3.4).", nameof(parameters));
        }

        var key = new VerificationKey(algorithm, parameters, keyId);
        key.KeyId ??= key.Thumbprint;
        return key;
    }

    /// <summary>As <see cref="FromEc"/>, for RSA.</summary>
    /// <exception cref="ArgumentException">The key is too small, too large, or its exponent is unsafe.</exception>
    internal static VerificationKey FromRsa(SignatureAlgorithm algorithm, RSAParameters parameters, string? keyId)
    {
        if (!IsSafe(parameters))
        {
            throw new ArgumentException(
                $"An RSA key has {MinRsaBits} to {MaxRsaBits} bits and an odd exponent above 1 (RFC 7518 §3.3).", nameof(parameters));
        }

        var key = new VerificationKey(algorithm, parameters, keyId);
        key.KeyId ??= key.Thumbprint;
        return key;
    }

    /// <summary>
    /// The key of a foreign JWK, or null when it cannot be used: missing members, values out of range, a point off the curve (RFC 7517 §5).
    /// </summary>
    internal static VerificationKey? FromJwk(SignatureAlgorithm algorithm, byte[] first, byte[] second, string? keyId)
    {
        try
        {
            if (algorithm.Curve is { } curve)
            {
                // RFC 7518 §6.2.1.2: coordinates are written in full length.
                if (first.Length != curve.CoordinateLength || second.Length != curve.CoordinateLength)
                {
                    return null;
                }

                var point = new ECPoint { X = first, Y = second };
                return new VerificationKey(algorithm, new ECParameters { Curve = curve.Parameters, Q = point }, keyId);
            }

            var parameters = new RSAParameters { Modulus = first, Exponent = second };
            return IsSafe(parameters) ? new VerificationKey(algorithm, parameters, keyId) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static bool IsSafe(RSAParameters key)
    {
        // RFC 7518 §2 (Base64urlUInt): no leading zero octet. An exponent of 1 makes every message its own signature; more than 32 bits
        // only cost time.
        if (key.Modulus is not [not 0, .., var last] || last % 2 == 0 || key.Exponent is not { Length: > 0 and <= 4 } exponent)
        {
            return false;
        }

        var bits = (key.Modulus.Length - 1) * 8 + (int)uint.Log2(key.Modulus[0]) + 1;
        return bits is >= MinRsaBits and <= MaxRsaBits && exponent[0] != 0 && exponent[^1] % 2 == 1 && exponent is not [1];
    }

    // RFC 7638 §3.1 to §3.3: required members only, in order of their names, no white space.
    private static string Sha256(string canonicalJwk) => Base64Url.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(canonicalJwk)));
}
