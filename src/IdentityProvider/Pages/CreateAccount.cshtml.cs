using Accounts;
using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// The address of a new account; and, for an address that a code just proved and nobody has, the one question whether to make it.
/// </summary>
public sealed class CreateAccountPage(PageDoor door, Interactions interactions, AccountCreation accounts, Admission admission, TimeProvider time) : FlowPage(door, time)
{
    // As long as a registration token of the JSON API.
    private static readonly TimeSpan ProofLifetime = TimeSpan.FromMinutes(10);

    public string? Typed { get; private set; }

    /// <summary>The address that was proven; null when one is to be typed.</summary>
    public string? Proven => Interaction?.State is { ProvenAt: { } at } state && at + ProofLifetime > Now ? state.Identifier : null;

    /// <inheritdoc cref="LogInPage.NewHandle"/>
    public string? NewHandle { get; private set; }

    protected override bool NeedsIdentifier => false;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Input.Form["action"] == "create")
        {
            return Proven is { } proven ? await CreateAsync(proven) : GoTo(PagePaths.LogIn);
        }

        Typed = Input.Form["identifier"];
        if (Typed is null)
        {
            return await RefuseInputAsync(Texts.EmailMissing);
        }

        if (EmailAddress.Canonical(Typed) is not { } address)
        {
            return await RefuseInputAsync(Texts.EmailUnknownShape);
        }

        var interaction = Interaction ?? (Input.Form[Interactions.Parameter] is { } handle ? await interactions.BeginAsync(HttpContext, handle, Visit.Session) : null);
        if (interaction is null)
        {
            return ErrorScreen.Stale(HttpContext, client: null);
        }

        await interactions.MoveAsync(interaction, interaction.State with { Identifier = address, Intent = Intent.SignUp, Notice = null, ProvenAt = null, SealedPasswordHash = null });
        return new SeeOther(PagePaths.With(PagePaths.NewPassword, interaction));
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

        Typed ??= EmailAddress.Canonical(Interaction?.State.Identifier) ?? Interaction?.Parameters["login_hint"];
        return base.ShowAsync();
    }

    private async Task<IActionResult> CreateAsync(string address)
    {
        var (person, hadAccount) = await accounts.CreateAsync(address, passwordHash: null, name: null, Texts.Language, HttpContext.RequestAborted) switch
        {
            CreationOutcome.Created created => (created.PersonId, false),
            CreationOutcome.Exists { Enabled: true } exists => (exists.PersonId, true),
            _ => (Guid.Empty, false),
        };
        if (person == Guid.Empty)
        {
            await interactions.MoveAsync(Interaction!, Interaction!.State with { ProvenAt = null, Notice = new Notice(NoticeKind.CodeRefused) });
            return GoTo(PagePaths.Code);
        }

        var proof = new Proof(person, Proof.Code, Interaction!.ClientId, Interaction.State.Remember);
        return new SeeOther(await admission.AdmitAsync(HttpContext, Interaction, proof, hadAccount));
    }
}
