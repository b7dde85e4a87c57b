using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Jose;

/// <summary>
/// The keys that may have signed a token (RFC 7517 §5), and the only key source there is: what a token's own header offers
/// (<c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>x5u</c>) is never looked at (RFC 8725 §3.10). Immutable.
/// </summary>
public sealed class JwkSet(IEnumerable<VerificationKey> keys)
{
    private readonly VerificationKey[] _keys = [.. keys];

    /// <summary>Longest document that is read, in bytes.</summary>
    public const int MaxLength = 256 * 1024;

    public static JwkSet Empty { get; } = new([]);

    public IReadOnlyList<VerificationKey> Keys => _keys;

    /// <summary>
    /// Reads a foreign set. Keys of an unknown type, for another use, or with members missing or out of range are passed over (RFC 7517
    /// §5).
    /// A set that publishes private or symmetric key material is refused as a whole: whoever can read it can sign.
    /// </summary>
    /// <param name="utf8Json">The document as it came.</param>
    /// <param name="set">The usable keys, possibly none.</param>
    /// <param name="refusal">For the log: why the document was refused.</param>
    /// <param name="rsaAlgorithm">What an RSA key without <c>alg</c> serves, when its owner said so elsewhere.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> utf8Json, [NotNullWhen(true)] out JwkSet? set, [NotNullWhen(false)] out string? refusal, string rsaAlgorithm = Algorithms.RS256)
    {
        (set, refusal) = (null, null);
        if (utf8Json.Length > MaxLength)
        {
            refusal = $"The key set is longer than {MaxLength} bytes.";
        }
        else if (!StrictJson.TryReadObject(utf8Json, out var document))
        {
            refusal = "The key set is not one well-formed JSON object.";
        }
        else if (!document.TryGetProperty("keys"u8, out var members) || members.ValueKind != JsonValueKind.Array)
        {
            refusal = "The key set has no array 'keys'.";
        }
        else if (members.EnumerateArray().Any(Jwk.RevealsSecret))
        {
            refusal = "The key set publishes private or symmetric key material.";
        }
        else
        {
            set = new JwkSet(members.EnumerateArray().Select(key => Jwk.Read(key, rsaAlgorithm)).OfType<VerificationKey>());
        }

        return set is not null;
    }

    /// <summary>
    /// The key of that name that serves that algorithm. A token without <c>kid</c> gets a key only when there is no choice to make.
    /// </summary>
    public VerificationKey? Find(string? keyId, string algorithm)
    {
        if (keyId is not null)
        {
            return Array.Find(_keys, key => key.KeyId == keyId && key.Algorithm == algorithm);
        }

        var candidates = Array.FindAll(_keys, key => key.Algorithm == algorithm);
        return candidates is [var only] ? only : null;
    }

    /// <summary>Writes <c>{"keys":[…]}</c> with public members only.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("keys"u8);
        foreach (var key in _keys)
        {
            key.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
