using Microsoft.AspNetCore.Mvc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>A person's own account: who they are, where they are signed in, and which applications they let in. Ending something takes a form of this page.</summary>
public sealed class AccountPage(PageDoor door, SessionList sessions, SessionEnding ending, ConsentStore consents, IConfigurationSource configuration, TimeProvider time) : FlowPage(door, time)
{
    private const string EndOne = "end", EndOthers = "end-others", WithdrawConsent = "withdraw";

    /// <summary>What was just done.</summary>
    public string? Done { get; private set; }

    public FoundSession Mine => Visit.Session!;

    /// <summary>This device first.</summary>
    public IReadOnlyList<ListedSession> Sessions { get; private set; } = [];

    public IReadOnlyList<GivenConsent> Consents { get; private set; } = [];

    public bool HasOthers => Sessions.Any(session => !IsThis(session));

    protected override bool NeedsIdentifier => false;

    public bool IsThis(ListedSession session) => session.Id == Mine.Session.Id;

    public string NameOf(string clientId) => configuration.Current.FindClient(clientId)?.Name ?? Texts.GoneApplication;

    /// <summary>The applications of a session by name.</summary>
    public IEnumerable<string> NamesOf(ListedSession session) => session.Clients.Select(NameOf).Distinct();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Visit.Session is null)
        {
            return new SeeOther(PagePaths.LogIn);
        }

        switch (Input.Form["action"])
        {
            case EndOne when Input.Form["session"] is { } id:
                return await EndAsync(id);
            case EndOthers:
                await ending.EndAllAsync(Mine.PersonId, Mine.Session.Id, EndReason.RevokedByPerson, Now, CancellationToken.None);
                return Tell(EndOthers);
            case WithdrawConsent when Input.Form["client"] is { } clientId:
                return await consents.WithdrawAsync(Mine.PersonId, clientId, Now, CancellationToken.None) ? Tell(WithdrawConsent) : ErrorScreen.NotFound(HttpContext);
            default:
                return new SeeOther(PagePaths.Account);
        }
    }

    protected override async Task<IActionResult> ShowAsync()
    {
        if (Visit.Session is null)
        {
            return new SeeOther(PagePaths.LogIn);
        }

        var listed = await sessions.OfAsync(Mine.PersonId, Now, HttpContext.RequestAborted);
        Sessions = [.. listed.OrderByDescending(IsThis)];
        Consents = await consents.ListAsync(Mine.PersonId, Now, HttpContext.RequestAborted);
        Done = Input.Query["done"] switch
        {
            EndOne => Texts.SessionEnded,
            EndOthers => Texts.OthersEnded,
            WithdrawConsent => Texts.AccessWithdrawn,
            _ => null,
        };
        return Page();
    }

    private async Task<IActionResult> EndAsync(string id)
    {
        // This one ends by signing out, which also tells this browser.
        if (id == Mine.Session.Id)
        {
            return new SeeOther(PagePaths.LogOut);
        }

        return await ending.EndAsync(Mine.PersonId, id, EndReason.RevokedByPerson, Now, CancellationToken.None) ? Tell(EndOne) : ErrorScreen.NotFound(HttpContext);
    }

    private static SeeOther Tell(string done) => new($"{PagePaths.Account}?done={done}");
}
