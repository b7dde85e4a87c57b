using Accounts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace IdentityProvider;

/// <summary>The code from the mail. A right one signs in, or makes the account that was asked for, or asks whether to make one.</summary>
public sealed class EmailVerificationPage(
    PageDoor door, Interactions interactions, CodeDesk codes, AccountCreation accounts, Admission admission, IOptions<OneTimeCodeOptions> limits, TimeProvider time)
    : FlowPage(door, time)
{
    private const string Resend = "resend", Open = "open";

    public string Address => Interaction!.State.Identifier!;

    /// <summary>The code under way; null when there is none, or it is too old.</summary>
    public SentCode? Code => CodeDesk.Live(Interaction!.State, Now);

    /// <summary>When the next code may be asked for, if not yet.</summary>
    public DateTimeOffset? ResendAt => Interaction!.State is { Code: { } code } state && code.Address == state.Identifier && code.ResendAt > Now ? code.ResendAt : null;

    /// <summary>Whole seconds until then.</summary>
    public int ResendAfter => ResendAt is { } at ? (int)Math.Ceiling((at - Now).TotalSeconds) : 0;

    /// <summary>How long a code works.</summary>
    public TimeSpan Lifetime => limits.Value.Lifetime;

    /// <summary>What is to be said of the mail; null when it is on its way.</summary>
    public string? MailTrouble { get; private set; }

    public bool IsSignUp => Interaction!.State.Intent == Intent.SignUp;

    public async Task<IActionResult> OnPostAsync()
    {
        if (EmailAddress.Canonical(Address) is null)
        {
            return GoTo(PagePaths.Password);
        }

        switch (Input.Form["action"])
        {
            case Resend:
                await codes.SendAsync(HttpContext, Interaction!, Interaction!.State with { Notice = null }, Texts.Language);
                return GoTo(PagePaths.Code);
            case Open:
                await codes.OpenAsync(HttpContext, Interaction!, Interaction!.State with { Notice = null }, Now, Texts.Language);
                return GoTo(PagePaths.Code);
            default:
                return Input.Form["code"] is { } typed ? await JudgeAsync(typed) : await RefuseInputAsync(Texts.CodeMissing);
        }
    }

    /// <summary>What is to be said of the mail, for the script that asks again while the page is open.</summary>
    public async Task<IActionResult> OnGetMailAsync()
    {
        await ReadMailAsync();
        return Content(MailTrouble ?? "", "text/plain; charset=utf-8");
    }

    protected override async Task<IActionResult> ShowAsync()
    {
        if (EmailAddress.Canonical(Address) is null)
        {
            return GoTo(PagePaths.Password);
        }

        await ReadMailAsync();
        return await base.ShowAsync();
    }

    protected override bool Shows(NoticeKind kind) => kind is not (NoticeKind.Refused or NoticeKind.PasswordsLocked);

    private async Task ReadMailAsync() => MailTrouble = Code is null ? null : await codes.MailStateAsync(Code, HttpContext.RequestAborted) switch
    {
        MailState.Delayed => Texts.MailDelayed,
        MailState.Undeliverable => Texts.MailUndeliverable,
        _ => null,
    };

    private async Task<IActionResult> JudgeAsync(string typed) => await codes.JudgeAsync(HttpContext, Interaction!, typed) switch
    {
        VerifyOutcome.Proven proven => await AdmitAsync(proven),
        VerifyOutcome.Wrong { TriesLeft: > 0 and var left } => await TellAsync(new Notice(NoticeKind.CodeWrong, Tries: left)),
        VerifyOutcome.Wrong or VerifyOutcome.Spent => await TellAsync(new Notice(NoticeKind.CodeSpent), codeIsDead: true),
        VerifyOutcome.Expired => await TellAsync(new Notice(NoticeKind.CodeExpired), codeIsDead: true),
        VerifyOutcome.Limited limited => await TellAsync(new Notice(NoticeKind.CodesLocked, limited.RetryAt)),
        _ => await TellAsync(new Notice(NoticeKind.CodeUnknown), codeIsDead: true),
    };

    private async Task<IActionResult> AdmitAsync(VerifyOutcome.Proven proven)
    {
        var state = Interaction!.State;
        switch (proven)
        {
            case { PersonId: { } person, Enabled: true }:
                return await SignInAsync(person, hadAccount: IsSignUp);
            case { PersonId: not null }:
                return await TellAsync(new Notice(NoticeKind.CodeRefused), codeIsDead: true);
            case var _ when !IsSignUp:
                await interactions.MoveAsync(Interaction, state with { ProvenAt = Now, Remember = Input.Form.Has("remember"), Code = null, Notice = null });
                return GoTo(PagePaths.CreateAccount);
        }

        return await accounts.CreateAsync(proven.Address, codes.PasswordHash(state), name: null, Texts.Language, HttpContext.RequestAborted) switch
        {
            CreationOutcome.Created created => await SignInAsync(created.PersonId, hadAccount: false),
            CreationOutcome.Exists { Enabled: true } exists => await SignInAsync(exists.PersonId, hadAccount: true),
            _ => await TellAsync(new Notice(NoticeKind.CodeRefused), codeIsDead: true),
        };
    }

    private async Task<IActionResult> SignInAsync(Guid person, bool hadAccount)
    {
        var proof = new Proof(person, Proof.Code, Interaction!.ClientId, Input.Form.Has("remember"));
        return new SeeOther(await admission.AdmitAsync(HttpContext, Interaction, proof, hadAccount));
    }

    private async Task<IActionResult> TellAsync(Notice notice, bool codeIsDead = false)
    {
        var state = Interaction!.State;
        // What is dead is kept only for the time at which the next may be asked for.
        var code = codeIsDead && state.Code is { } dead ? dead with { ExpiresAt = DateTimeOffset.MinValue } : state.Code;
        await interactions.MoveAsync(Interaction, state with { Notice = notice, Code = code });
        return GoTo(PagePaths.Code);
    }
}
