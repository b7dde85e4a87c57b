namespace Jose;

/// <summary>
/// What a token must be to be accepted. Every member is required, so no check can be forgotten; giving one up has to be written down
/// (RFC 8725 §3: algorithm, issuer, audience and type are always judged).
/// </summary>
public sealed record JwtExpectations
{
    /// <summary>
    /// The header's <c>typ</c>, such as <c>at+jwt</c>; compared as a media type (RFC 7515 §4.1.9). An absent <c>typ</c> means <c>JWT</c>
    /// (RFC 7519 §5.1).
    /// </summary>
    public required string Type { get; init; }

    /// <summary>Equal to <c>iss</c>, character by character (RFC 7519 §4.1.1).</summary>
    public required string Issuer { get; init; }

    /// <summary>Among the members of <c>aud</c> (RFC 7519 §4.1.3).</summary>
    public required ExpectedAudience Audience { get; init; }

    /// <summary>Names of <see cref="Jose.Algorithms"/> that may have signed (RFC 8725 §3.1).</summary>
    public required IReadOnlyCollection<string> Algorithms { get; init; }

    /// <summary>How far the issuer's clock may be from ours, applied to <c>exp</c>, <c>nbf</c> and <c>iat</c>.</summary>
    public required TimeSpan Skew { get; init; }

    /// <summary>Claims that must be there and not null, such as <c>exp</c>, <c>sub</c>, <c>jti</c>.</summary>
    public required IReadOnlyCollection<string> RequiredClaims { get; init; }
}
