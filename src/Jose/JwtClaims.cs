using System.Text.Json;

namespace Jose;

/// <summary>
/// The payload of a token (RFC 7519 §4), or what its issuer answers about it in the same terms (RFC 7662 §2.2). The registered claims are known to have their types; all others are read as they are asked for.
/// </summary>
public sealed class JwtClaims
{
    // RFC 7519 §2, NumericDate: from the epoch to the last second of the year 9999; no issuer means anything outside.
    private const double LastSecond = 253_402_300_799;

    private JwtClaims(JsonElement json, IReadOnlyList<string> audience) => (Json, Audience) = (json, audience);

    public JsonElement Json { get; }

    /// <summary><c>aud</c>, one or many; empty when it is absent.</summary>
    public IReadOnlyList<string> Audience { get; }

    public string? Issuer => Text("iss");

    public string? Subject => Text("sub");

    public string? Id => Text("jti");

    public DateTimeOffset? ExpiresAt => Time("exp");

    public DateTimeOffset? NotBefore => Time("nbf");

    public DateTimeOffset? IssuedAt => Time("iat");

    /// <summary>There and not null.</summary>
    public bool Has(string claim) => Json.TryGetProperty(claim, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The claim's text; null when it is absent or not a string.</summary>
    public string? Text(string claim) =>
        Json.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The claim's NumericDate; null when it is absent or not one.</summary>
    public DateTimeOffset? Time(string claim) =>
        Json.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= LastSecond
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    /// <summary>The claims, or null when a registered one has the wrong type (RFC 7519 §4.1).</summary>
    public static JwtClaims? From(JsonElement json)
    {
        if (TryReadAudience(json, out var audience))
        {
            var claims = new JwtClaims(json, audience);
            if (claims.IsAbsentOr("iss", claims.Issuer) && claims.IsAbsentOr("sub", claims.Subject)
                && claims.IsAbsentOr("jti", claims.Id) && claims.IsAbsentOr("exp", claims.ExpiresAt)
                && claims.IsAbsentOr("nbf", claims.NotBefore) && claims.IsAbsentOr("iat", claims.IssuedAt))
            {
                return claims;
            }
        }

        return null;
    }

    private bool IsAbsentOr(string claim, object? value) => value is not null || !Json.TryGetProperty(claim, out _);

    private static bool TryReadAudience(JsonElement json, out IReadOnlyList<string> audience)
    {
        audience = [];
        if (!json.TryGetProperty("aud"u8, out var value))
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            audience = [value.GetString()!];
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return false;
        }

        audience = [.. value.EnumerateArray().Select(item => item.GetString()!)];
        return true;
    }
}
