using Jose;

namespace AccessTokens;

/// <summary>What the issuer said about one token, and how long that may be gone by.</summary>
internal sealed record Judgement
{
    private Judgement(JwtClaims? claims, string? refusal, DateTimeOffset goodUntil) => (Claims, Refusal, GoodUntil) = (claims, refusal, goodUntil);

    /// <summary>What an active token says; null of every other.</summary>
    public JwtClaims? Claims { get; }

    /// <summary>Why the token does not count here, for the log; null when it does and when the issuer could not say.</summary>
    public string? Refusal { get; }

    public DateTimeOffset GoodUntil { get; }

    public bool Unknown => Claims is null && Refusal is null;

    public static Judgement Active(JwtClaims claims, DateTimeOffset goodUntil) => new(claims, null, goodUntil);

    public static Judgement Refused(string refusal, DateTimeOffset goodUntil) => new(null, refusal, goodUntil);

    public static Judgement NotToBeHad(DateTimeOffset goodUntil) => new(null, null, goodUntil);
}
