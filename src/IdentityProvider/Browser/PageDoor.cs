using Microsoft.AspNetCore.Antiforgery;
using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>Who is at a page, and what they came for.</summary>
/// <param name="Client">Where they go afterwards.</param>
/// <param name="Session">With what its person allowed that client.</param>
/// <param name="Lost">The address names an interaction that is over or another browser's.</param>
public sealed record Visit(Look Look, Interaction? Interaction, Client? Client, FoundSession? Session, bool Lost)
{
    /// <inheritdoc cref="InteractionFinding.Expired"/>
    public Interaction? Expired { get; init; }
}

/// <summary>What every page asks before its own code runs.</summary>
public sealed class PageDoor(
    Interactions interactions, BrowserSessions sessions, Admission admission, BrowserCookies cookies, InteractionTurns turns, IAntiforgery antiforgery,
    IConfigurationSource configuration)
{
    /// <summary>Reads browser, session and interaction, and writes the headers that follow from them.</summary>
    public async Task<Visit> EnterAsync(HttpContext context, PageInput input, DateTimeOffset now)
    {
        var handle = input.Query[Interactions.Parameter];
        var found = handle is null ? new InteractionFinding(null, null) : await interactions.FindAsync(context, handle);
        var client = found.ClientId is null ? null : configuration.Current.FindClient(found.ClientId);
        var session = await sessions.FindAsync(context, found.ClientId);
        if (session is null && found.Interaction is not null)
        {
            session = await admission.FindTwinAsync(context, found.Interaction);
        }

        var known = found.Interaction ?? found.Expired;
        PageHeaders.Write(context, DestinationOf(known, client));
        var look = Look.Of(context, cookies, now, known);
        if (known is not null)
        {
            look.Keep(Interactions.Parameter, known.Handle);
        }

        return new Visit(look, found.Interaction, client, session, handle is not null && found.Interaction is null) { Expired = found.Expired };
    }

    /// <summary>Forms of one interaction are handled one after another.</summary>
    public async Task<IDisposable?> TakeTurnAsync(HttpContext context, PageInput input) =>
        HttpMethods.IsPost(context.Request.Method) && (input.Query[Interactions.Parameter] ?? input.Form[Interactions.Parameter]) is { } handle
            ? await turns.TakeAsync(handle, context.RequestAborted)
            : null;

    /// <summary>Whether this form was written by this site for this browser. Its token is tied to nobody: signing in elsewhere in between breaks no form.</summary>
    public Task<bool> IsOwnFormAsync(HttpContext context) => antiforgery.IsRequestValidAsync(context);

    // The redirect URI was registered when the request came; the form may lead there only if it still is.
    internal static string? DestinationOf(Interaction? interaction, Client? client) =>
        interaction?.Parameters["redirect_uri"] is { } uri && client?.RedirectUris.Contains(uri) == true ? uri : null;
}
