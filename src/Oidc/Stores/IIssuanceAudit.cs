// design: routine issuance is on record; RFC 6749 §5: what the token endpoint answered to a client it knows.
using System.Net;

namespace Oidc;

/// <summary>One answer of the token endpoint to an authenticated client. Identifiers and rules, nothing secret.</summary>
/// <param name="GrantType">A grant this provider knows, or null when the client gate refused.</param>
/// <param name="Grant">What a person allowed; null for a client's own token.</param>
/// <param name="Scope">What was granted; null when refused.</param>
/// <param name="Error">The refusal's code of RFC 6749 §5.2; null when tokens were issued.</param>
public readonly record struct Issuance(
    DateTimeOffset At, string ClientId, string? GrantType, Grant? Grant, string? Scope, string? Error, string RequestId)
{
    /// <summary>Whom the answer went to.</summary>
    public IPAddress? Address { get; init; }
}

/// <summary>Puts routine issuance on record without making the request wait for it.</summary>
public interface IIssuanceAudit
{
    void Record(in Issuance issuance);
}
