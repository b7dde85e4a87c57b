namespace Jose;

/// <summary>What a JOSE header (RFC 7515 §4) may say that matters. Everything else in it, key material included, stays unread.</summary>
internal sealed record JwtHeader(string Algorithm, string? KeyId, string? Type, bool HasCritical)
{
    private const string MediaTypePrefix = "application/";

    public static JwtHeader? From(ReadOnlySpan<byte> utf8Json)
    {
        if (StrictJson.TryReadObject(utf8Json, out var json)
            && StrictJson.TryGetText(json, "alg"u8, out var algorithm) && algorithm is not null
            && StrictJson.TryGetText(json, "kid"u8, out var keyId)
            && StrictJson.TryGetText(json, "typ"u8, out var type))
        {
            return new JwtHeader(algorithm, keyId, type, json.TryGetProperty("crit"u8, out _));
        }

        return null;
    }

    /// <summary>RFC 7515 §4.1.9: media types compare without case, "application/" is left away where no other "/" follows.</summary>
    public bool IsOfType(string expected) => string.Equals(Shorten(Type ?? "JWT"), Shorten(expected), StringComparison.OrdinalIgnoreCase);

    private static string Shorten(string type) =>
        type.StartsWith(MediaTypePrefix, StringComparison.OrdinalIgnoreCase) && !type.AsSpan(MediaTypePrefix.Length).Contains('/')
            ? type[MediaTypePrefix.Length..]
            : type;
}
