// OpenID Connect Core §3.1.2.3 and RP-Initiated Logout §2: the host's side of everything a person sees.
using Microsoft.AspNetCore.Http;

namespace Oidc;

/// <summary>
/// What the engine asks of the host. The engine decides outcomes; the host knows the cookie, the pages and their addresses. Only endpoints call
/// this, so the rest of the engine stays free of HTTP.
/// </summary>
public interface IBrowserInteraction
{
    /// <summary>The session of this browser if it is alive and its person enabled; otherwise null.</summary>
    Task<Session?> FindSessionAsync(HttpContext context);

    /// <summary>Keeps the request, bound to this browser, and sends the person to sign in.</summary>
    Task SignInAsync(HttpContext context, AuthorizeRequest request);

    /// <summary>The request this browser was sent away to sign in for; null when it is unknown here, too old, or another browser's.</summary>
    Task<ResumedRequest?> ResumeAsync(HttpContext context);

    /// <summary>Shows an error that cannot be sent to the client.</summary>
    Task ShowErrorAsync(HttpContext context, OAuthError error, Client? client);

    /// <summary>Takes the session cookie from this browser, if the request brought it: what was withheld may belong to another session than the one that ended.</summary>
    Task ForgetSessionAsync(HttpContext context);

    /// <summary>Asks the person whether to sign out; the page posts back with the same parameters.</summary>
    Task ConfirmLogoutAsync(HttpContext context, LogoutRequest request);

    /// <summary>
    /// Tells the person that they are signed out, and why they were not sent on or what is left to be done: loads the frames, names who keeps access, and
    /// goes on to the request's location, if it has one.
    /// </summary>
    Task ShowSignedOutAsync(HttpContext context, LogoutRequest request, SignedOut signedOut);
}

/// <summary>An authorization request that is taken up again.</summary>
public sealed record ResumedRequest(Parameters Parameters, DateTimeOffset StartedAt);
