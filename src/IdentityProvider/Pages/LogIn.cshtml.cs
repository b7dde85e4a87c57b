using Accounts;
using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>Who are you: an e-mail address, which is sent a code, or a phone number, which is asked for its password.</summary>
public sealed class LogInPage(PageDoor door, Interactions interactions, CodeDesk codes, TimeProvider time) : FlowPage(door, time)
{
    private const string Same = "continue", Another = "another";

    /// <summary>What stands in the field.</summary>
    public string? Typed { get; private set; }

    /// <summary>The handle of the interaction that the button begins, for a person who came by themselves.</summary>
    public string? NewHandle { get; private set; }

    protected override bool NeedsIdentifier => false;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Interaction is { } asked && Visit.Session is { } session && Input.Form["action"] is { } action)
        {
            return await SelectAsync(asked, session, action);
        }

        Typed = Input.Form["identifier"];
        if (Typed is null)
        {
            return await RefuseInputAsync(Texts.IdentifierMissing);
        }

        var email = EmailAddress.Canonical(Typed);
        if ((email ?? PhoneNumber.Canonical(Typed)) is not { } identifier)
        {
            return await RefuseInputAsync(Texts.IdentifierUnknownShape);
        }

        var interaction = Interaction ?? (Input.Form[Interactions.Parameter] is { } handle ? await interactions.BeginAsync(HttpContext, handle, Visit.Session) : null);
        if (interaction is null)
        {
            return ErrorScreen.Stale(HttpContext, client: null);
        }

        var next = interaction.State with { Identifier = identifier, Intent = Intent.SignIn, Notice = null, ProvenAt = null, SealedPasswordHash = null };
        if (email is null)
        {
            await interactions.MoveAsync(interaction, next with { Code = null });
            return new SeeOther(PagePaths.With(PagePaths.Password, interaction));
        }

        await codes.OpenAsync(HttpContext, interaction, next, Now, Texts.Language);
        return new SeeOther(PagePaths.With(PagePaths.Code, interaction));
    }

    private async Task<IActionResult> SelectAsync(Interaction asked, FoundSession session, string action)
    {
        if (action == Another)
        {
            await interactions.MoveAsync(asked, asked.State.ForAnother(session.Session.Id));
            return GoTo(PagePaths.LogIn);
        }

        // Whoever signed in to this browser since the page was shown is asked by their own name.
        if (action != Same || Input.Form["shown"] != asked.Fingerprint(session.Session))
        {
            return GoTo(PagePaths.LogIn);
        }

        await interactions.MoveAsync(asked, asked.State with { SelectedSession = session.Session.Id, Subject = session.Session.Subject, Notice = null });
        return new SeeOther(PagePaths.After(asked));
    }

    protected override Task<IActionResult> ShowAsync()
    {
        if (Interaction is null)
        {
            if (Visit.Session is not null)
            {
                return Task.FromResult<IActionResult>(new SeeOther(PagePaths.Account));
            }

            NewHandle = Input.Form[Interactions.Parameter] is { } drawn && Handle.HashOf(drawn, IdentityProvider.Interaction.Kind) is not null
                ? drawn
                : interactions.DrawHandle(HttpContext);
        }

        if (Interaction is { State.Question: Question.SelectAccount } selecting && Visit.Session is { } current)
        {
            return Task.FromResult<IActionResult>(SelectAccountScreen.Of(selecting, Visit.Client, current));
        }

        // Core §3.1.2.1: login_hint is only a suggestion of the relying party. Whoever is to sign in once more is most likely the same person.
        if (Interaction is { State.Another: false } own)
        {
            Typed ??= own.State.Identifier ?? own.Parameters["login_hint"] ?? Visit.Session?.Email ?? Visit.Session?.Phone;
        }

        Typed ??= Interaction?.State.Identifier;
        return base.ShowAsync();
    }
}
