using Accounts;
using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>The engine's view of browser, pages and cookies.</summary>
public sealed class BrowserInteraction(
    Interactions interactions, BrowserSessions sessions, BrowserId browser, BrowserCookies cookies, IConfigurationSource configuration, TimeProvider time) : IBrowserInteraction
{
    private static readonly object Resumed = new();
    private static readonly object Visiting = new();

    public async Task<Session?> FindSessionAsync(HttpContext context) => (await sessions.FindAsync(context))?.Session;

    public async Task<Visitor?> FindVisitorAsync(HttpContext context, string? clientId)
    {
        if (await sessions.FindAsync(context, clientId) is not { } found)
        {
            return null;
        }

        context.Items[Visiting] = found.Session.Id;
        return new Visitor(found.Session, found.Consent);
    }

    public async Task AskAsync(HttpContext context, AuthorizeRequest request, Question question)
    {
        var session = context.Items[Visiting] as string;
        // Back from the pages, and there is something else to ask: the same interaction goes on.
        if (context.Items[Resumed] is InteractionFinding { Interaction: { } resumed })
        {
            await interactions.MoveAsync(resumed, Hinted(resumed.State.Asking(question, session), request));
            OAuthEndpoint.SeeOther(context, PagePaths.With(PageOf(resumed.State), resumed));
            return;
        }

        if (HttpMethods.IsPost(context.Request.Method) && browser.Find(context) is null)
        {
            var unbound = await interactions.BeginAsync(context, request, new InteractionState(), unbound: true);
            OAuthEndpoint.SeeOther(context, PagePaths.With(Endpoints.AuthorizeContinue, unbound));
            return;
        }

        var interaction = await interactions.BeginAsync(context, request, Hinted(new InteractionState().Asking(question, session), request), unbound: false);
        OAuthEndpoint.SeeOther(context, PagePaths.With(PageOf(interaction.State), interaction));
    }

    public async Task<ResumedRequest?> ResumeAsync(HttpContext context)
    {
        if (OAuthEndpoint.ReadQuery(context).Parameters[Interactions.Parameter] is not { } handle)
        {
            return null;
        }

        var found = await interactions.FindAsync(context, handle);
        context.Items[Resumed] = found;
        return found.Interaction is { ClientId: not null } interaction ? new ResumedRequest(interaction.Parameters, interaction.State.ToAnswers()) : null;
    }

    public async Task FinishAsync(HttpContext context)
    {
        if (context.Items[Resumed] is InteractionFinding { Interaction: { State.AnsweredAt: null } interaction })
        {
            await interactions.MoveAsync(interaction, interaction.State with { AnsweredAt = time.GetUtcNow() });
        }
    }

    public Task ShowLostAsync(HttpContext context)
    {
        var found = context.Items[Resumed] as InteractionFinding;
        var client = found?.ClientId is { } clientId ? configuration.Current.FindClient(clientId) : null;
        PageHeaders.Write(context, PageDoor.DestinationOf(found?.Expired, client));
        Look.Of(context, cookies, time.GetUtcNow(), found?.Expired);
        return Screens.WriteAsync(context, LostScreen.Of(context, found?.Expired, client));
    }

    public Task ShowErrorAsync(HttpContext context, OAuthError error, Client? client, string? uiLocales = null)
    {
        Prepare(context, destination: null, uiLocales);
        return Screens.WriteAsync(context, ErrorScreen.Refused(context, error, client));
    }

    public Task ForgetSessionAsync(HttpContext context)
    {
        sessions.Forget(context);
        return Task.CompletedTask;
    }

    public async Task ConfirmLogoutAsync(HttpContext context, LogoutRequest request)
    {
        var look = Prepare(context, request.RedirectUri, request.Parameters["ui_locales"]);
        var screen = LogOutScreen.Question(request, await sessions.FindAsync(context));
        foreach (var (name, value) in LogOutScreen.Carried(request))
        {
            look.Keep(name, value);
        }

        await Screens.WriteAsync(context, screen);
    }

    public Task ShowSignedOutAsync(HttpContext context, LogoutRequest request, SignedOut signedOut)
    {
        if (signedOut.IsQuiet)
        {
            OAuthEndpoint.SeeOther(context, LogOutScreen.PathOf(request));
            return Task.CompletedTask;
        }

        // Asked for again, it would have nobody left to tell.
        Prepare(context, request.RedirectUri, request.Parameters["ui_locales"]).MaySwitch = false;
        PageHeaders.Write(context, request.RedirectUri, signedOut.Frames);
        return Screens.WriteAsync(context, SignedOutScreen.After(request, signedOut));
    }

    // Core §3.1.2.1: login_hint. Where one of the organisation's own front ends has asked for the address already, nobody is asked twice. Nothing is
    // looked up and nothing is sent: what follows is the same whether or not anybody has that address.
    private static InteractionState Hinted(InteractionState state, AuthorizeRequest request) =>
        state is { Question: Question.SignIn, Identifier: null, Another: false } && request is { Client.FirstParty: true, LoginHint: { } hint }
        && (EmailAddress.Canonical(hint) ?? PhoneNumber.Canonical(hint)) is { } identifier
            ? state with { Identifier = identifier }
            : state;

    private static string PageOf(InteractionState state) => state switch
    {
        { Question: Question.Consent } => PagePaths.Consent,
        { Question: Question.SignIn, Identifier: { } identifier } => EmailAddress.Canonical(identifier) is null ? PagePaths.Password : PagePaths.Code,
        _ => PagePaths.LogIn,
    };

    private Look Prepare(HttpContext context, string? destination, string? uiLocales = null)
    {
        PageHeaders.Write(context, destination);
        return Look.Of(context, cookies, time.GetUtcNow(), interaction: null, uiLocales);
    }
}
