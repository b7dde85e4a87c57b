using Microsoft.AspNetCore.Mvc;
using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>
/// Asks a person whether an application may have what it asks for (Core §3.1.2.4). What is asked comes from the kept request alone; the form only says
/// yes or no to exactly what it showed, and to whom.
/// </summary>
public sealed class ConsentPage(PageDoor door, Interactions interactions, IConfigurationSource configuration, OidcOptions options, TimeProvider time) : FlowPage(door, time)
{
    private const string Allow = "allow", Deny = "deny", Another = "another";

    public AuthorizeRequest Asked { get; private set; } = null!;

    public FoundSession Session => Visit.Session!;

    /// <summary>How long the answer is remembered.</summary>
    public TimeSpan Lasts => options.Lifetimes.Consent;

    /// <summary>Where the person goes afterwards: an origin, or the scheme of an application on their device.</summary>
    public string Destination => Uri.TryCreate(Asked.Target.RedirectUri, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}"
        : new Uri(Asked.Target.RedirectUri).Scheme + ":";

    /// <summary>What was not allowed before.</summary>
    public IReadOnlyList<ConsentItem> New => [.. Items.Where(item => !item.Known)];

    /// <summary>What was allowed before and is asked for again.</summary>
    public IReadOnlyList<ConsentItem> Known => [.. Items.Where(item => item.Known)];

    /// <summary>The fingerprint of what is shown.</summary>
    public string Shown => Interaction!.Fingerprint(Session.Session, [Asked.Client.Name, .. Asked.Scopes, "", .. Asked.IndividualClaims]);

    protected override bool NeedsIdentifier => false;

    private IReadOnlyList<ConsentItem> Items { get; set; } = [];

    public async Task<IActionResult> OnPostAsync()
    {
        var action = Input.Form["action"];
        if (action == Another)
        {
            await interactions.MoveAsync(Interaction!, Interaction!.State.ForAnother(Session.Session.Id));
            return GoTo(PagePaths.LogIn);
        }

        if (action is not (Allow or Deny) || Input.Form["shown"] != Shown)
        {
            await interactions.MoveAsync(Interaction!, Interaction!.State with { Notice = new Notice(NoticeKind.AskedAnew) });
            return GoTo(PagePaths.Consent);
        }

        if (action == Allow)
        {
            await interactions.ConsentAsync(Interaction!, Session, new Consent(Asked.Scopes, Asked.IndividualClaims));
        }
        else
        {
            await interactions.MoveAsync(Interaction!, Interaction!.State with { Denied = true, Notice = null });
        }

        return new SeeOther(PagePaths.After(Interaction!));
    }

    protected override bool Shows(NoticeKind kind) => kind == NoticeKind.AskedAnew;

    protected override IActionResult? PassOn()
    {
        if (Visit.Lost)
        {
            return LostScreen.Of(HttpContext, Visit.Expired, Visit.Client);
        }

        if (Interaction?.ClientId is null)
        {
            return new SeeOther(PagePaths.LogIn);
        }

        if (Visit.Session is { } session && Interaction.State.AnsweredAt is not null && !IsTwin)
        {
            return SignedInScreen.Of(Interaction, Visit.Client, session);
        }

        // Whoever is not asked this here and now is told by the engine what is next; so is whoever answered a moment ago with the other half of a double click.
        if (Visit.Session is null || Interaction.State is not { Question: Question.Consent, Denied: false }
            || Interaction.State.ConsentedSession == Session.Session.Id
            || AuthorizeChecks.Check(new ParametersOutcome(Interaction.Parameters, null), configuration.Current).Request is not { } request)
        {
            return new SeeOther(PagePaths.After(Interaction));
        }

        Asked = request;
        Items = ConsentItem.Of(request, Session, Texts);
        return null;
    }
}
