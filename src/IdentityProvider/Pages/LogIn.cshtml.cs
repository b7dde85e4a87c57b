using Accounts;
using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>Who are you: an e-mail address, which is sent a code, or a phone number, which is asked for its password.</summary>
public sealed class LogInPage(PageDoor door, Interactions interactions, CodeDesk codes, TimeProvider time) : FlowPage(door, time)
{
    /// <summary>What stands in the field.</summary>
    public string? Typed { get; private set; }

    /// <summary>The handle of the interaction that the button begins, for a person who came by themselves.</summary>
    public string? NewHandle { get; private set; }

    protected override bool NeedsIdentifier => false;

    public async Task<IActionResult> OnPostAsync()
    {
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

        var interaction = Interaction ?? (Input.Form[Interactions.Parameter] is { } handle ? await interactions.BeginAsync(HttpContext, handle) : null);
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

        // Core §3.1.2.1: login_hint is only a suggestion of the relying party.
        Typed ??= Interaction?.State.Identifier ?? Interaction?.Parameters["login_hint"];
        return base.ShowAsync();
    }
}
