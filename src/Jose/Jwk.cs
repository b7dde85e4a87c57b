using System.Text.Json;

namespace Jose;

/// <summary>One member of a foreign key set (RFC 7517 §4, RFC 7518 §6).</summary>
internal static class Jwk
{
    private static readonly string[] SecretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

    /// <summary>True when the JWK carries what only its owner may know (RFC 7518 §6.2.2, §6.3.2, §6.4).</summary>
    public static bool RevealsSecret(JsonElement jwk) => jwk.ValueKind == JsonValueKind.Object
        && ((StrictJson.TryGetText(jwk, "kty"u8, out var type) && type == "oct")
            || SecretMembers.Any(name => jwk.TryGetProperty(name, out _)));

    /// <summary>The key, or null when it is not one for verifying signatures here.</summary>
    public static VerificationKey? Read(JsonElement jwk, string rsaAlgorithm)
    {
        if (jwk.ValueKind != JsonValueKind.Object
            || !StrictJson.TryGetText(jwk, "kty"u8, out var type)
            || !StrictJson.TryGetText(jwk, "crv"u8, out var curve)
            || !StrictJson.TryGetText(jwk, "alg"u8, out var name)
            || !StrictJson.TryGetText(jwk, "kid"u8, out var keyId)
            || !IsForVerifying(jwk))
        {
            return null;
        }

        return type switch
        {
            // OpenID Connect Core §3.1.3.7 step 7: RS256 is what is meant where nothing is said, here or by the caller.
            "RSA" when SignatureAlgorithm.Find(name ?? rsaAlgorithm) is { Padding: not null } rsa =>
                Make(jwk, rsa, keyId, "n"u8, "e"u8),

            // RFC 7518 §3.4: a curve has one algorithm, so an absent name is no question, and a contradicting one no key.
            "EC" when ForCurve(curve) is { } ec && (name ?? ec.Name) == ec.Name => Make(jwk, ec, keyId, "x"u8, "y"u8),
            _ => null,
        };
    }

    private static VerificationKey? Make(
        JsonElement jwk, SignatureAlgorithm algorithm, string? keyId, ReadOnlySpan<byte> firstName, ReadOnlySpan<byte> secondName) =>
        TryGetBytes(jwk, firstName, out var first) && TryGetBytes(jwk, secondName, out var second)
            ? VerificationKey.FromJwk(algorithm, first, second, keyId)
            : null;

    private static SignatureAlgorithm? ForCurve(string? curve) => SignatureAlgorithm.Find(curve switch
    {
        "P-256" => Algorithms.ES256,
        "P-384" => Algorithms.ES384,
        "P-521" => Algorithms.ES512,
        _ => null,
    });

    // RFC 7517 §4.2 and §4.3: "use" and "key_ops" narrow what the owner meant the key for.
    private static bool IsForVerifying(JsonElement jwk)
    {
        if (!StrictJson.TryGetText(jwk, "use"u8, out var use) || use is not (null or "sig"))
        {
            return false;
        }

        return !jwk.TryGetProperty("key_ops"u8, out var operations)
            || (operations.ValueKind == JsonValueKind.Array
                && operations.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals("verify"u8)));
    }

    private static bool TryGetBytes(JsonElement jwk, ReadOnlySpan<byte> name, out byte[] bytes)
    {
        bytes = [];
        return StrictJson.TryGetText(jwk, name, out var text) && text is not null && Base64Url.TryDecode(text, out bytes);
    }
}
