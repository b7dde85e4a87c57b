// OpenID Connect Core §5.1: a person, as the protocol reads one.
using System.Text.Json;

namespace Oidc;

/// <summary>
/// What tokens and userinfo may say of a person, read in one projection together with the session and the grant. Absent values are null
/// and are left out of tokens, never sent as empty strings (OpenID Connect Core §5.3.2).
/// </summary>
/// <param name="Subject">The <c>sub</c>: never reused, never shaped like a client id.</param>
/// <param name="Enabled">False: no token of any kind, on any path.</param>
public sealed record SubjectSnapshot(string Subject, bool Enabled)
{
    public string? Name { get; init; }
    public string? Email { get; init; }
    public bool EmailVerified { get; init; }
    public string? PhoneNumber { get; init; }
    public bool PhoneNumberVerified { get; init; }
    public string? Picture { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>The remaining standard claims (<c>given_name</c>, <c>address</c>, …) as one JSON object.</summary>
    public JsonElement? OtherClaims { get; init; }
}
