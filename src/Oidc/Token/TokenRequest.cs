// RFC 6749 §3.2: a token request after the client gate, as grants see it.
using System.Net;

namespace Oidc;

/// <summary>
/// A token request that passed the client gate: the client is enabled, authenticated and allowed this grant; every scope named belongs to it;
/// every resource named exists.
/// </summary>
/// <param name="Scopes">The scopes named, or null when the parameter was absent.</param>
/// <param name="Resources">RFC 8707: the resources named, each once.</param>
public sealed record TokenRequest(Client Client, Parameters Parameters, IReadOnlyList<string>? Scopes, IReadOnlyList<Resource> Resources, Configuration Configuration, DateTimeOffset Now)
{
    public Sender Sender { get; init; } = Sender.Unknown;
}

/// <summary>Where a request came from. Nothing is decided by it; sessions and the audit say it to the person and the operator.</summary>
public sealed record Sender(IPAddress? Address, string? UserAgent)
{
    public static Sender Unknown { get; } = new(null, null);
}
