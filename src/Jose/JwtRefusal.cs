namespace Jose;

/// <summary>
/// Why a token was not accepted, in the order in which it is judged. For logs and for choosing an answer; never shown to whoever sent the
/// token.
/// </summary>
public enum JwtRefusal
{
    /// <summary>Longer than <see cref="Jwt.MaxLength"/>.</summary>
    TooLong,

    /// <summary>Not three parts of canonical base64url (RFC 7515 §7.1).</summary>
    NotCompact,

    /// <summary>The header is not one JSON object without doubled members, or a member of it has the wrong type (RFC 7515 §4).</summary>
    BadHeader,

    /// <summary><c>crit</c> names an extension; none is understood here (RFC 7515 §4.1.11).</summary>
    CriticalHeader,

    /// <summary><c>alg</c> is not among those expected.</summary>
    WrongAlgorithm,

    /// <summary><c>typ</c> is another one (RFC 8725 §3.11).</summary>
    WrongType,

    /// <summary>
    /// No key of that <c>kid</c> serves that <c>alg</c>. The one refusal that a fresh key set may turn into another answer.
    /// </summary>
    UnknownKey,

    BadSignature,

    /// <summary>
    /// The payload is not one JSON object without doubled members, or a registered claim has the wrong type (RFC 7519 §4.1).
    /// </summary>
    BadClaims,

    MissingClaim,
    WrongIssuer,
    WrongAudience,

    /// <summary>Before <c>nbf</c>, or <c>iat</c> lies in the future.</summary>
    NotYetValid,

    /// <summary>At or after <c>exp</c>. Judged last: everything else holds.</summary>
    Expired,
}
