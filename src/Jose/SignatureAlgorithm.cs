using System.Security.Cryptography;

namespace Jose;

/// <summary>One row of RFC 7518 §3.1: which hash, and either an RSA padding or the one curve that goes with it (§3.4).</summary>
internal sealed class SignatureAlgorithm
{
    private static readonly SignatureAlgorithm[] Rows =
    [
        new(Algorithms.RS256, 256, RSASignaturePadding.Pkcs1),
        new(Algorithms.RS384, 384, RSASignaturePadding.Pkcs1),
        new(Algorithms.RS512, 512, RSASignaturePadding.Pkcs1),
        new(Algorithms.PS256, 256, RSASignaturePadding.Pss),
        new(Algorithms.PS384, 384, RSASignaturePadding.Pss),
        new(Algorithms.PS512, 512, RSASignaturePadding.Pss),
        new(Algorithms.ES256, 256, Curve.P256),
        new(Algorithms.ES384, 384, Curve.P384),
        new(Algorithms.ES512, 512, Curve.P521),
    ];

    private readonly int _hashBits;

    private SignatureAlgorithm(string name, int hashBits, RSASignaturePadding padding) : this(name, hashBits) => Padding = padding;

    private SignatureAlgorithm(string name, int hashBits, Curve curve) : this(name, hashBits) => Curve = curve;

    private SignatureAlgorithm(string name, int hashBits) => (Name, _hashBits) = (name, hashBits);

    public const int MaxHashLength = SHA512.HashSizeInBytes;

    public string Name { get; }

    /// <summary>Null for the ES family.</summary>
    public RSASignaturePadding? Padding { get; }

    /// <summary>Null for the RS and PS families.</summary>
    public Curve? Curve { get; }

    public HashAlgorithmName HashName =>
        _hashBits switch { 256 => HashAlgorithmName.SHA256, 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };

    /// <summary>Names are case-sensitive (RFC 7515 §4.1.1).</summary>
    public static SignatureAlgorithm? Find(string? name) => Array.Find(Rows, row => row.Name == name);

    /// <summary>The algorithm of that name.</summary>
    /// <exception cref="ArgumentException">There is no such algorithm here.</exception>
    public static SignatureAlgorithm Get(string name) =>
        Find(name)
        ?? throw new ArgumentException($"'{name}' is not a signature algorithm of RFC 7518 §3.1 with a public key.", nameof(name));

    public int Hash(ReadOnlySpan<byte> data, Span<byte> destination) => _hashBits switch
    {
        256 => SHA256.HashData(data, destination),
        384 => SHA384.HashData(data, destination),
        _ => SHA512.HashData(data, destination),
    };
}
