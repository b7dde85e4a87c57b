// OpenID Connect RP-Initiated Logout 1.0 §2 and §3: a logout request, as far as it can be trusted.
namespace Oidc;

/// <summary>
/// A logout request after reading. It is never refused outright: a person who wants to sign out is signed out; what fails is only the way back.
/// </summary>
/// <param name="Client">Who asks, when the hint or client_id says so.</param>
/// <param name="RedirectUri">Registered for that client; null when the person stays here.</param>
/// <param name="HintedSession">The <c>sid</c> of a valid hint: proof that the client may end this session without asking the person.</param>
/// <param name="Problem">Why the person will not be sent back, in words for the page; null when nothing was wrong.</param>
public sealed record LogoutRequest(Client? Client, string? RedirectUri, string? State, string? HintedSession, string? Problem, Parameters Parameters)
{
    /// <summary>Where to send the person once signed out: the registered URI, with the state exactly as it came (§3).</summary>
    public string? Location => RedirectUri is null || State is null ? RedirectUri
        : RedirectUri + (RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "state=" + Uri.EscapeDataString(State);
}
