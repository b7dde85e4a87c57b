// OpenID Connect Core §3.1.2.1 and RP-Initiated Logout 1.0 §2: an ID token of ours, shown back to us.
using Jose;

namespace Oidc;

/// <summary>
/// An ID token this provider issued, possibly expired: a hint says who is meant, it authenticates nobody. Signature, issuer and type are judged as
/// ever; only the time is not.
/// </summary>
public sealed record IdTokenHint(string ClientId, string Subject, string? SessionId)
{
    public static IdTokenHint? Read(string token, string issuer, KeyRing ring, DateTimeOffset now)
    {
        var reading = Jwt.Read(token, ExpectationsOf(issuer), ring.Published, now);
        return (reading.Claims ?? reading.ExpiredClaims) is { Audience: [var clientId], Subject: { } subject } claims
            ? new IdTokenHint(clientId, subject, claims.Text("sid"))
            : null;
    }

    private static JwtExpectations ExpectationsOf(string issuer) => new()
    {
        Type = IdToken.Type,
        Issuer = issuer,
        Audience = ExpectedAudience.Any,
        Algorithms = IdToken.Algorithms,
        Skew = TimeSpan.FromMinutes(1),
        RequiredClaims = ["sub", "aud", "exp", "iat"],
    };
}
