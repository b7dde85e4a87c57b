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

    /// <summary>The same with what its person allowed this client, in the same round trip.</summary>
    Task<Visitor?> FindVisitorAsync(HttpContext context, string? clientId);

    /// <summary>Keeps the request, bound to this browser, and sends the person to the page that asks.</summary>
    Task AskAsync(HttpContext context, AuthorizeRequest request, Question question);

    /// <summary>The request this browser was sent away with, by the handle in the address; null when it is unknown here, too old, or another browser's.</summary>
    Task<ResumedRequest?> ResumeAsync(HttpContext context);

    /// <summary>A request that was taken up again is about to be answered.</summary>
    Task FinishAsync(HttpContext context);

    /// <summary>Says that a request cannot be taken up again, and how to go on.</summary>
    Task ShowLostAsync(HttpContext context);

    /// <summary>Shows an error that cannot be sent to the client.</summary>
    /// <param name="uiLocales">The languages the request asked for, if it could be read.</param>
    Task ShowErrorAsync(HttpContext context, OAuthError error, Client? client, string? uiLocales = null);

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
/// <param name="Answers">Null when the person has not been to a page with it.</param>
public sealed record ResumedRequest(Parameters Parameters, Answers? Answers);
