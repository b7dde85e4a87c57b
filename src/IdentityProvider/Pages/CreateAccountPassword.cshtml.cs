using Accounts;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider;

/// <summary>A password for the new account, or none. It is hashed at once; what waits for the code is only the hash.</summary>
public sealed class CreateAccountPasswordPage(PageDoor door, CodeDesk codes, Passwords passwords, TimeProvider time) : FlowPage(door, time)
{
    public string Address => Interaction!.State.Identifier!;

    public async Task<IActionResult> OnPostAsync()
    {
        if (Input.Form["action"] == "without")
        {
            return await GoOnAsync(passwordHash: null);
        }

        if (Input.Form["password"] is not { } password)
        {
            return await RefuseInputAsync(Texts.PasswordMissing);
        }

        return await passwords.HashAsync(password, Address, HttpContext.RequestAborted) switch
        {
            HashOutcome.Hashed hashed => await GoOnAsync(hashed.Hash),
            HashOutcome.Busy busy => await RefuseBusyAsync(busy.RetryAfter),
            HashOutcome.Unacceptable unacceptable => await RefuseInputAsync(unacceptable.Verdict switch
            {
                PasswordVerdict.TooShort => Texts.PasswordTooShort,
                PasswordVerdict.TooLong => Texts.PasswordTooLong,
                _ => Texts.PasswordTooCommon,
            }),
            _ => throw new InvalidOperationException("There is no other outcome."),
        };
    }

    protected override Task<IActionResult> ShowAsync() =>
        EmailAddress.Canonical(Address) is null ? Task.FromResult<IActionResult>(GoTo(PagePaths.CreateAccount)) : base.ShowAsync();

    private async Task<IActionResult> GoOnAsync(string? passwordHash)
    {
        if (EmailAddress.Canonical(Address) is null)
        {
            return GoTo(PagePaths.CreateAccount);
        }

        var next = codes.WithPasswordHash(Interaction!.State, passwordHash) with { Intent = Intent.SignUp, Notice = null };
        await codes.OpenAsync(HttpContext, Interaction, next, Now, Texts.Language);
        return GoTo(PagePaths.Code);
    }
}
