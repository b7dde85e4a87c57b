using System.Globalization;
using Accounts;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider;

/// <summary>
/// What the sign-in pages have in common: whoever has nothing to do here any more is sent on, a form that is not ours or waited too long is
/// answered with its page, and only then the page's own code runs. The person is never in <c>HttpContext.User</c>.
/// </summary>
public abstract class FlowPage(PageDoor door, TimeProvider time) : PageModel
{
    public Visit Visit { get; private set; } = null!;
    public Look Look => Visit.Look;
    public Texts Texts => Visit.Look.Texts;
    public Interaction? Interaction => Visit.Interaction;

    /// <summary>What is wrong with what was typed, next to its field.</summary>
    public string? FieldError { get; private set; }

    /// <summary>What just happened, for the top of the page; null when nothing did or its time is over.</summary>
    public IHtmlContent? Notice { get; private set; }

    /// <summary>The notice is good news.</summary>
    public bool NoticeIsGood { get; private set; }

    /// <summary>The second half of a double click: the first got the answer, and the browser dropped it for this one.</summary>
    protected bool IsTwin => HttpMethods.IsPost(Request.Method) && Interaction?.State.AnsweredAt + Admission.TwinWindow > Now;

    protected PageInput Input { get; private set; } = null!;
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>The page makes sense only once an address was typed.</summary>
    protected virtual bool NeedsIdentifier => true;

    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        Input = PageInput.In(HttpContext);
        using var turn = await door.TakeTurnAsync(HttpContext, Input);
        Visit = await door.EnterAsync(HttpContext, Input, Now);
        context.Result = PassOn();
        if (context.Result is not null)
        {
            return;
        }

        Notice = ReadNotice();
        if (HttpMethods.IsPost(Request.Method) && !await door.IsOwnFormAsync(HttpContext))
        {
            context.Result = await ShowAgainAsync(Texts.FormExpired, StatusCodes.Status400BadRequest);
        }
        else
        {
            await next();
        }
    }

    public Task<IActionResult> OnGetAsync() => ShowAsync();

    /// <summary>A moment in words.</summary>
    public IHtmlContent Moment(DateTimeOffset at) => Texts.Moment(at, Now);

    /// <summary>The address of another page in the same interaction.</summary>
    public string LinkTo(string page) => PagePaths.With(page, Interaction);

    /// <summary>The page as it is now.</summary>
    protected virtual Task<IActionResult> ShowAsync() => Task.FromResult<IActionResult>(Page());

    /// <summary>Whether this page is the one that says what happened.</summary>
    protected virtual bool Shows(NoticeKind kind) => false;

    protected SeeOther GoTo(string page) => new(LinkTo(page));

    /// <summary>The page once more, with what is wrong next to the field. Nothing was taken, so there is nothing to redirect from.</summary>
    protected Task<IActionResult> RefuseInputAsync(string error)
    {
        FieldError = error;
        Notice = null;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return ShowAsync();
    }

    /// <summary>The page once more: too many passwords are being judged.</summary>
    protected Task<IActionResult> RefuseBusyAsync(TimeSpan retryAfter)
    {
        Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ShowAgainAsync(Texts.Busy, StatusCodes.Status503ServiceUnavailable);
    }

    private Task<IActionResult> ShowAgainAsync(string notice, int status)
    {
        Notice = Plain(notice);
        NoticeIsGood = false;
        Response.StatusCode = status;
        return ShowAsync();
    }

    /// <summary>Where whoever has nothing to do here goes instead; null: they stay.</summary>
    protected virtual IActionResult? PassOn()
    {
        if (Visit.Lost)
        {
            return LostScreen.Of(HttpContext, Visit.Expired, Visit.Client);
        }

        if (Interaction is null)
        {
            return NeedsIdentifier ? new SeeOther(PagePaths.LogIn) : null;
        }

        if (Visit.Session is { } session && (Interaction.State.AnsweredAt is not null || Interaction.IsAnsweredBy(session.Session)) && IsMeant(session))
        {
            return SignedInScreen.IsDue(Interaction.State) && !IsTwin ? SignedInScreen.Of(Interaction, Visit.Client, session) : new SeeOther(PagePaths.After(Interaction));
        }

        return NeedsIdentifier && Interaction.State.Identifier is null ? GoTo(PagePaths.LogIn) : null;
    }

    // Two tabs, one person: the other tab signed them in. Two tabs, two people: this one goes on.
    private bool IsMeant(FoundSession session) =>
        Interaction!.State.Identifier is not { } identifier || identifier == session.Phone || identifier == EmailAddress.Canonical(session.Email);

    private IHtmlContent? ReadNotice()
    {
        if (Interaction?.State.Notice is not { } notice || notice.At <= Now || !Shows(notice.Kind))
        {
            return null;
        }

        NoticeIsGood = notice.Kind == NoticeKind.Resent;
        var moment = notice.At is { } at ? Moment(at) : HtmlString.Empty;
        return notice.Kind switch
        {
            NoticeKind.PasswordsLocked => Texts.PasswordsLocked(moment),
            NoticeKind.CodesLocked => Texts.CodesLocked(moment),
            NoticeKind.SendLimited => Texts.SendLimited(moment),
            NoticeKind.CodeWrong => Plain(notice.Tries is > 0 and <= 2 ? Texts.CodeWrongWithTries(notice.Tries.Value) : Texts.CodeWrong),
            NoticeKind.CodeExpired => Plain(Texts.CodeExpired),
            NoticeKind.CodeSpent => Plain(Texts.CodeSpent),
            NoticeKind.CodeUnknown => Plain(Texts.CodeUnknown),
            NoticeKind.Resent => Plain(Texts.Resent),
            NoticeKind.AskedAnew => Plain(Texts.AskedAnew),
            _ => Plain(Texts.Refused),
        };
    }

    private static HtmlFormattableString Plain(string text) => new("{0}", text);
}
