using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>The engine's view of browser, pages and cookies.</summary>
public sealed class BrowserInteraction(
    Interactions interactions, BrowserSessions sessions, BrowserId browser, BrowserCookies cookies, IConfigurationSource configuration, TimeProvider time) : IBrowserInteraction
{
    private static readonly object Resumed = new();

    public async Task<Session?> FindSessionAsync(HttpContext context) => (await sessions.FindAsync(context))?.Session;

    public async Task SignInAsync(HttpContext context, AuthorizeRequest request)
    {
        // Back from the pages and still, or again, without a session: the same interaction goes on.
        if (context.Items[Resumed] is InteractionFinding { Interaction: { } resumed })
        {
            await interactions.MoveAsync(resumed, resumed.State with { AnsweredAt = null });
            OAuthEndpoint.SeeOther(context, PagePaths.With(PagePaths.LogIn, resumed));
            return;
        }

        var unbound = HttpMethods.IsPost(context.Request.Method) && browser.Find(context) is null;
        var interaction = await interactions.BeginAsync(context, request, unbound);
        OAuthEndpoint.SeeOther(context, unbound ? PagePaths.With(Endpoints.AuthorizeContinue, interaction) : PagePaths.With(PagePaths.LogIn, interaction));
    }

    public async Task<ResumedRequest?> ResumeAsync(HttpContext context)
    {
        var query = OAuthEndpoint.ReadQuery(context);
        if (query.Error is not null || query.Parameters[Interactions.Parameter] is not { } handle)
        {
            return null;
        }

        var found = await interactions.FindAsync(context, handle);
        context.Items[Resumed] = found;
        if (found.Interaction is not { ClientId: not null } interaction)
        {
            return null;
        }

        if (interaction.State.AnsweredAt is null)
        {
            await interactions.MoveAsync(interaction, interaction.State with { AnsweredAt = time.GetUtcNow() });
        }

        return new ResumedRequest(interaction.Parameters, interaction.StartedAt);
    }

    public Task ShowErrorAsync(HttpContext context, OAuthError error, Client? client)
    {
        Prepare(context, destination: null);
        var isStale = context.Items[Resumed] is InteractionFinding { Interaction: null } || (context.Request.Path == Endpoints.AuthorizeContinue && client is null);
        if (!isStale || error.Status != StatusCodes.Status400BadRequest)
        {
            return Screens.WriteAsync(context, ErrorScreen.Refused(context, error, client));
        }

        var clientId = (context.Items[Resumed] as InteractionFinding)?.ClientId;
        return Screens.WriteAsync(context, ErrorScreen.Stale(context, clientId is null ? null : configuration.Current.FindClient(clientId)));
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

    private Look Prepare(HttpContext context, string? destination, string? uiLocales = null)
    {
        PageHeaders.Write(context, destination);
        return Look.Of(context, cookies, time.GetUtcNow(), interaction: null, uiLocales);
    }
}
