// OpenID Connect RP-Initiated Logout 1.0 §2 and §3: a logout request, as far as it can be trusted.
namespace Oidc;

/// <summary>
/// A logout request after reading. It is never refused outright: a person who wants to sign out is signed out; what fails is only the way back.
/// </summary>
/// <param name="Client">Who asks, when the hint or client_id says so.</param>
/// <param name="RedirectUri">Registered for that client; null when the person stays here.</param>
/// <param name="HintedSession">The <c>sid</c> of a valid hint: proof that the client may end this session without asking the person.</param>
/// <param name="Problem">Why the person will not be sent back; null when nothing was wrong.</param>
public sealed record LogoutRequest(Client? Client, string? RedirectUri, string? State, string? HintedSession, LogoutProblem? Problem, Parameters Parameters)
{
    /// <summary>Where to send the person once signed out: the registered URI, with the state exactly as it came (§3).</summary>
    public string? Location => RedirectUri is null || State is null ? RedirectUri
        : RedirectUri + (RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "state=" + Uri.EscapeDataString(State);
}

/// <summary>What is wrong with a logout request, so that nobody is sent back by it.</summary>
/// <param name="Kind">For the page, which says it in the person's language.</param>
/// <param name="Text">For the log.</param>
public sealed record LogoutProblem(LogoutProblemKind Kind, string Text);

/// <summary>The kinds of <see cref="LogoutProblem"/>.</summary>
public enum LogoutProblemKind
{
    /// <summary>A parameter was doubled, too long or wrongly encoded; nothing of the request is used.</summary>
    Unreadable,

    /// <summary>The <c>id_token_hint</c> is not an ID token that was issued here.</summary>
    ForeignHint,

    /// <summary><c>client_id</c> and <c>id_token_hint</c> name two clients.</summary>
    Contradiction,

    /// <summary>Neither hint nor <c>client_id</c> says who asks, or nobody of that name is registered.</summary>
    UnknownClient,

    /// <summary>The client did not register this <c>post_logout_redirect_uri</c>.</summary>
    UnregisteredUri,
}
