using Microsoft.AspNetCore.Http;

namespace Oidc.Tests;

/// <summary>The host's side of what a person sees: one browser, and pages that are a word each.</summary>
public sealed class TestBrowser(InMemoryStore store) : IBrowserInteraction
{
    public Session? Session { get; set; }

    public AuthorizeRequest? SentToSignIn { get; private set; }

    /// <summary>The last question.</summary>
    public Question? Asked { get; private set; }

    /// <summary>How many requests that had been to a page were answered.</summary>
    public int Finished { get; private set; }

    public bool ShownLost { get; private set; }

    public string? ShownLocales { get; private set; }

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

    public async Task<Visitor?> FindVisitorAsync(HttpContext context, string? clientId) =>
        await FindSessionAsync(context) is { } session ? new Visitor(session, store.ConsentOf(session.Subject, clientId)) : null;

    public Task AskAsync(HttpContext context, AuthorizeRequest request, Question question)
    {
        Asked = question;
        SentToSignIn = question == Question.SignIn ? request : null;
        Kept = new ResumedRequest(request.Parameters, Kept?.Answers ?? new Answers { SessionBefore = Session?.Id });
        OAuthEndpoint.SeeOther(context, question == Question.SignIn ? "/log-in" : $"/{question}");
        return Task.CompletedTask;
    }

    /// <summary>What the person does on the page.</summary>
    public void Answer(Func<Answers, Answers> act) => Kept = Kept! with { Answers = act(Kept.Answers!) };

    public Task<ResumedRequest?> ResumeAsync(HttpContext context) => Task.FromResult(Kept);

    public Task FinishAsync(HttpContext context)
    {
        Finished++;
        return Task.CompletedTask;
    }

    public Task ShowLostAsync(HttpContext context)
    {
        ShownLost = true;
        return ShowAsync(context, StatusCodes.Status410Gone, "lost");
    }

    public Task ShowErrorAsync(HttpContext context, OAuthError error, Client? client, string? uiLocales = null)
    {
        (ShownError, ShownClient, ShownLocales) = (error, client, uiLocales);
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
