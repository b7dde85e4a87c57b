using Accounts;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider;

/// <summary>The password of whoever said who they are. The form is shown to everyone and fails with one sentence for all.</summary>
public sealed class LogInPasswordPage(
    PageDoor door, Interactions interactions, PasswordSignIn passwords, KnownDevices devices, Admission admission, TimeProvider time) : FlowPage(door, time)
{
    public string Identifier => Interaction!.State.Identifier!;

    /// <summary>A code can be sent: the identifier is an e-mail address.</summary>
    public bool MayUseCode => EmailAddress.Canonical(Identifier) is not null;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Input.Form["password"] is not { } password)
        {
            return await RefuseInputAsync(Texts.PasswordMissing);
        }

        var known = await devices.IsKnownAsync(HttpContext, Identifier);
        switch (await passwords.TryAsync(new PasswordAttempt(Identifier, password, CodeDesk.IpOf(HttpContext), known), HttpContext.RequestAborted))
        {
            case PasswordOutcome.SignedIn signedIn:
                var proof = new Proof(signedIn.PersonId, Proof.Password, Interaction!.ClientId, Input.Form.Has("remember"));
                return new SeeOther(await admission.AdmitAsync(HttpContext, Interaction, proof));
            case PasswordOutcome.Busy busy:
                return await RefuseBusyAsync(busy.RetryAfter);
            case PasswordOutcome.Locked locked:
                return await TellAsync(new Notice(NoticeKind.PasswordsLocked, locked.RetryAt));
            default:
                return await TellAsync(new Notice(NoticeKind.Refused));
        }
    }

    protected override bool Shows(NoticeKind kind) => kind is NoticeKind.Refused or NoticeKind.PasswordsLocked;

    private async Task<IActionResult> TellAsync(Notice notice)
    {
        await interactions.MoveAsync(Interaction!, Interaction!.State with { Notice = notice });
        return GoTo(PagePaths.Password);
    }
}
