using Microsoft.AspNetCore.Http;

namespace Oidc.Tests;

/// <summary>The host's side of what a person sees: one browser, and pages that are a word each.</summary>
public sealed class TestBrowser(TimeProvider time, InMemoryStore store) : IBrowserInteraction
{
    public Session? Session { get; set; }

    public AuthorizeRequest? SentToSignIn { get; private set; }

    public OAuthError? ShownError { get; private set; }

    public Client? ShownClient { get; private set; }

    public LogoutRequest? AskedToConfirm { get; private set; }

    public LogoutRequest? ShownSignedOut { get; private set; }

    public SignedOut? LeftToDo { get; private set; }

    public ResumedRequest? Kept { get; set; }

    /// <summary>True: looking for the session fails.</summary>
    public bool IsBroken { get; set; }

    /// <summary>True: the error page fails as well.</summary>
    public bool CannotShow { get; set; }

    public Task<Session?> FindSessionAsync(HttpContext context) =>
        IsBroken ? throw new InvalidOperationException("a secret detail of the inside")
        : store.IsAway ? throw new StoreUnavailableException("away", new TimeoutException())
        : Task.FromResult(Session is { } session && !store.IsEnded(session.Id) && store.IsEnabled(session.Subject) ? session : null);

    public Task SignInAsync(HttpContext context, AuthorizeRequest request)
    {
        SentToSignIn = request;
        Kept = new ResumedRequest(request.Parameters, Kept?.StartedAt ?? time.GetUtcNow());
        OAuthEndpoint.SeeOther(context, "/log-in");
        return Task.CompletedTask;
    }

    public Task<ResumedRequest?> ResumeAsync(HttpContext context) => Task.FromResult(Kept);

    public Task ShowErrorAsync(HttpContext context, OAuthError error, Client? client)
    {
        (ShownError, ShownClient) = (error, client);
        return CannotShow ? throw new InvalidOperationException("a secret detail of the page") : ShowAsync(context, error.Status, "error");
    }

    public Task ForgetSessionAsync(HttpContext context)
    {
        Session = null;
        return Task.CompletedTask;
    }

    public Task ConfirmLogoutAsync(HttpContext context, LogoutRequest request)
    {
        AskedToConfirm = request;
        return ShowAsync(context, StatusCodes.Status200OK, "sign out?");
    }

    public Task ShowSignedOutAsync(HttpContext context, LogoutRequest request, SignedOut signedOut)
    {
        (ShownSignedOut, LeftToDo) = (request, signedOut);
        return ShowAsync(context, StatusCodes.Status200OK, "signed out");
    }

    private static Task ShowAsync(HttpContext context, int status, string page)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page);
    }
}
