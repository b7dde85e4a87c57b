using System.Diagnostics.CodeAnalysis;

namespace Jose;

/// <summary>The outcome of <see cref="Jwt.Read"/>: claims that may be relied on, or the reason why there are none.</summary>
public sealed class JwtReading
{
    private JwtReading(JwtClaims? claims, JwtRefusal? refusal, string? keyId) => (Claims, Refusal, KeyId) = (claims, refusal, keyId);

    [MemberNotNullWhen(true, nameof(Claims))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Accepted => Refusal is null;

    /// <summary>Only of an accepted token.</summary>
    public JwtClaims? Claims { get; }

    public JwtRefusal? Refusal { get; }

    /// <summary>
    /// Only of a token refused as <see cref="JwtRefusal.Expired"/>: everything but the time holds, which is enough
    /// for an ID token hint (RP-Initiated Logout 1.0 §2) and for nothing else.
    /// </summary>
    public JwtClaims? ExpiredClaims { get; private init; }

    /// <summary>The header's <c>kid</c>, once the header could be read. Not to be trusted while the token is refused.</summary>
    public string? KeyId { get; }

    internal static JwtReading Accept(JwtClaims claims, string? keyId) => new(claims, null, keyId);

    internal static JwtReading Refuse(JwtRefusal refusal, string? keyId = null) => new(null, refusal, keyId);

    internal static JwtReading Expire(JwtClaims claims, string? keyId) => new(null, JwtRefusal.Expired, keyId) { ExpiredClaims = claims };
}
