using Microsoft.AspNetCore.Html;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Every sentence of the pages. One sealed class a language, so that a sentence that is missing in one does not compile. Sentences that carry
/// something are methods; what they carry is encoded where it is written.
/// </summary>
public abstract class Texts
{
    /// <summary>BCP 47 tag.</summary>
    public abstract string Language { get; }

    // Around every page
    public abstract string SkipToContent { get; }
    public abstract string LanguageSwitch { get; }
    public abstract string ThemeSwitch { get; }
    public abstract string ThemeAuto { get; }
    public abstract string ThemeLight { get; }
    public abstract string ThemeDark { get; }
    public abstract string Continue { get; }

    // /log-in
    public abstract string SignIn { get; }
    public abstract IHtmlContent ToContinueTo(string application);
    public abstract string Identifier { get; }
    public abstract string NewHere { get; }
    public abstract string CreateAccountLink { get; }
    public abstract string IdentifierMissing { get; }
    public abstract string IdentifierUnknownShape { get; }
    public abstract string InputTooLong { get; }

    // /email-verification
    public abstract string CheckYourMail { get; }
    public abstract string EnterCode { get; }
    public abstract string CodeSent(TimeSpan lifetime);
    public abstract string NoCodeSent { get; }
    public abstract string Code { get; }
    public abstract string CodeMissing { get; }
    public abstract string NewCode { get; }
    public abstract string SendCode { get; }
    public abstract IHtmlContent NewCodeAt(IHtmlContent moment);
    public abstract string UsePassword { get; }
    public abstract string UseAnotherAddress { get; }
    public abstract string SigningInAs { get; }
    public abstract string Change { get; }

    /// <summary>Follows <see cref="Change"/> for who does not see what it stands beside.</summary>
    public abstract string ChangeWhat { get; }
    public abstract string NoMail { get; }
    public abstract string NoMailSpam { get; }
    public abstract string NoMailAddress { get; }
    public abstract string NoMailReload { get; }
    public abstract string MailDelayed { get; }
    public abstract string MailUndeliverable { get; }
    public abstract string StaySignedIn { get; }

    // /log-in/password
    public abstract string EnterPassword { get; }
    public abstract string Password { get; }
    public abstract string PasswordMissing { get; }
    public abstract string ShowPassword { get; }
    public abstract string HidePassword { get; }
    public abstract string MailCodeInstead { get; }

    // /create-account
    public abstract string CreateAccount { get; }
    public abstract string EmailAddress { get; }
    public abstract string EmailMissing { get; }
    public abstract string EmailUnknownShape { get; }
    public abstract string HaveAccount { get; }
    public abstract string NobodyYet { get; }
    public abstract IHtmlContent NobodyHas(string address);
    public abstract string CreateThisAccount { get; }

    // /create-account/password
    public abstract string ChoosePassword { get; }
    public abstract string PasswordAdvice { get; }
    public abstract string PasswordTooShort { get; }
    public abstract string PasswordTooLong { get; }
    public abstract string PasswordTooCommon { get; }
    public abstract string Or { get; }
    public abstract string WithoutPassword { get; }
    public abstract string WithoutPasswordMeans { get; }

    // /log-in, whose account
    public abstract string ChooseAccount { get; }
    public abstract string ContinueAs(string name);
    public abstract string UseAnotherAccount { get; }

    // /consent
    public abstract string ConsentTitle(string application);
    public abstract IHtmlContent ConsentAsks(string application, string destination);
    public abstract IHtmlContent ConsentAsksMore(string application, string destination);
    public abstract string ConsentAllowedBefore { get; }
    public abstract string ConsentLasts(TimeSpan lifetime);
    public abstract string Allow { get; }
    public abstract string Deny { get; }
    public abstract string PolicyOf(string application);
    public abstract string TermsOf(string application);
    public abstract string AskedAnew { get; }

    /// <summary>What a scope gives, and what that comprises. Of a scope nobody wrote about, its name.</summary>
    public abstract (string Name, string? Means) Scope(string scope);

    /// <summary>A claim that is asked for by itself.</summary>
    public abstract string SeeClaim(string claim);

    // Signed in
    public abstract string SignedIn { get; }
    public abstract string SignedInAs { get; }
    public abstract string HadAccount { get; }
    public abstract string AlreadyDone { get; }
    public abstract string ContinueTo(string application);

    // /log-out
    public abstract string SignOut { get; }
    public abstract string SignOutQuestion { get; }
    public abstract IHtmlContent SignOutAskedBy(string application);
    public abstract string SignOutMeans { get; }
    public abstract string StayHere { get; }
    public abstract string SignedOut { get; }
    public abstract string SignedOutMeans { get; }
    public abstract string SignInAgain { get; }
    public abstract string NotSentBack(LogoutProblemKind reason);
    public abstract string BackTo(string application);
    public abstract string SigningOutElsewhere { get; }
    public abstract string KeepAccess { get; }
    public abstract string KeepAccessEnd { get; }

    // /account
    public abstract string YourAccount { get; }
    public abstract string Devices { get; }
    public abstract string DevicesMean { get; }
    public abstract string ThisDevice { get; }
    public abstract string UnknownDevice { get; }
    public abstract string Surface(string surface);
    public abstract string SignedInTo(string application);
    public abstract string Address { get; }
    public abstract IHtmlContent SignedInWhen(IHtmlContent moment);
    public abstract IHtmlContent LastActive(IHtmlContent moment);
    public abstract string StaysSignedIn { get; }
    public abstract string OnlyApplications { get; }
    public abstract IHtmlContent UsedBy(IEnumerable<string> applications);
    public abstract string SignOutDevice { get; }
    public abstract string SignOutOthers { get; }
    public abstract string SignOutOthersMeans { get; }
    public abstract string MoreSessions { get; }
    public abstract string NoOtherSessions { get; }
    public abstract string Applications { get; }
    public abstract string ApplicationsMean { get; }
    public abstract string NoApplications { get; }
    public abstract IHtmlContent AllowedWhen(IHtmlContent moment);
    public abstract string Withdraw { get; }
    public abstract string GoneApplication { get; }
    public abstract string SessionEnded { get; }
    public abstract string OthersEnded { get; }
    public abstract string AccessWithdrawn { get; }

    // What just happened
    public abstract string Refused { get; }
    public abstract string CodeWrong { get; }
    public abstract string CodeWrongWithTries(int left);
    public abstract string CodeExpired { get; }
    public abstract string CodeSpent { get; }
    public abstract string CodeUnknown { get; }
    public abstract IHtmlContent CodesLocked(IHtmlContent moment);
    public abstract IHtmlContent PasswordsLocked(IHtmlContent moment);
    public abstract IHtmlContent SendLimited(IHtmlContent moment);
    public abstract string Resent { get; }
    public abstract string FormExpired { get; }
    public abstract string Busy { get; }

    // /log-in/error
    public abstract string ErrorTitle { get; }
    public abstract string RequestRefused { get; }
    public abstract IHtmlContent RequestRefusedFrom(string application);
    public abstract string ErrorAdvice { get; }
    public abstract string StaleTitle { get; }
    public abstract string WaitedTooLong { get; }
    public abstract string Stale { get; }
    public abstract IHtmlContent StaleFrom(string application);
    public abstract string UnavailableTitle { get; }
    public abstract string Unavailable { get; }
    public abstract string TryAgain { get; }
    public abstract string FailedTitle { get; }
    public abstract string Failed { get; }
    public abstract string BadInputTitle { get; }
    public abstract string BadInput { get; }
    public abstract string TooLargeTitle { get; }
    public abstract string TooLarge { get; }
    public abstract string NotFoundTitle { get; }
    public abstract string NotFound { get; }
    public abstract string GoToSignIn { get; }
    public abstract string RequestId { get; }
    public abstract string Copy { get; }
    public abstract string Copied { get; }
    public abstract string ForDevelopers { get; }

    /// <summary>A time from now, in words: <c>in 42 seconds</c>.</summary>
    public string In(TimeSpan span) => span switch
    {
        { TotalSeconds: < 100 } => InSeconds((int)Math.Max(1, Math.Ceiling(span.TotalSeconds))),
        { TotalMinutes: < 100 } => InMinutes((int)Math.Ceiling(span.TotalMinutes)),
        _ => InHours((int)Math.Ceiling(span.TotalHours)),
    };

    public abstract string InSeconds(int seconds);
    public abstract string InMinutes(int minutes);
    public abstract string InHours(int hours);

    /// <summary>A moment in words, with its exact time for scripts and screen readers.</summary>
    public IHtmlContent Moment(DateTimeOffset at, DateTimeOffset now) =>
        new HtmlFormattableString("<time datetime=\"{0:yyyy-MM-ddTHH:mm:ssZ}\">{1}</time>", at.UtcDateTime, In(at - now));

    /// <summary>A moment that is past, in words: <c>3 minutes ago</c>, and the day when that says more.</summary>
    public IHtmlContent Past(DateTimeOffset at, DateTimeOffset now) => new HtmlFormattableString(
        "<time datetime=\"{0:yyyy-MM-ddTHH:mm:ssZ}\" title=\"{0:yyyy-MM-dd HH:mm} UTC\">{1}</time>", at.UtcDateTime, Ago(now - at, at));

    private string Ago(TimeSpan span, DateTimeOffset at) => span switch
    {
        { TotalMinutes: < 1 } => JustNow,
        { TotalMinutes: < 100 } => MinutesAgo((int)span.TotalMinutes),
        { TotalHours: < 48 } => HoursAgo((int)span.TotalHours),
        _ => Day(at.UtcDateTime),
    };

    public abstract string JustNow { get; }
    public abstract string MinutesAgo(int minutes);
    public abstract string HoursAgo(int hours);
    public abstract string Day(DateTime day);

    private protected static HtmlFormattableString Html(string format, params object[] arguments) => new(format, arguments);
}
