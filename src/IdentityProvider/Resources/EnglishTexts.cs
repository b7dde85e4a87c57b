using System.Globalization;
using Microsoft.AspNetCore.Html;
using Oidc;

namespace IdentityProvider;

/// <summary>English.</summary>
public sealed class EnglishTexts : Texts
{
    private EnglishTexts()
    {
    }

    public static EnglishTexts Instance { get; } = new();

    public override string Language => IdentityProvider.Language.English;

    public override string SkipToContent => "Skip to content";
    public override string LanguageSwitch => "Language";
    public override string ThemeSwitch => "Colours";
    public override string ThemeAuto => "As on this device";
    public override string ThemeLight => "Light";
    public override string ThemeDark => "Dark";
    public override string Continue => "Continue";

    public override string SignIn => "Sign in";
    public override IHtmlContent ToContinueTo(string application) => Html("to continue to <strong>{0}</strong>", application);
    public override string Identifier => "Email or phone number";
    public override string NewHere => "New here?";
    public override string CreateAccountLink => "Create an account";
    public override string IdentifierMissing => "Enter your email address or phone number.";
    public override string IdentifierUnknownShape => "That is neither an email address nor a phone number. Check for typing errors.";
    public override string InputTooLong => "That is too long.";

    public override string CheckYourMail => "Check your email";
    public override string EnterCode => "Sign in with a code";
    public override string CodeSent(TimeSpan lifetime) => $"We sent you a six-digit code. It works for {Math.Ceiling(lifetime.TotalMinutes):0} minutes.";
    public override string NoCodeSent => "We can send you a six-digit code by email.";
    public override string Code => "Six-digit code";
    public override string CodeMissing => "Enter the six digits from the email.";
    public override string NewCode => "Send a new code";
    public override string SendCode => "Send me a code";
    public override IHtmlContent NewCodeAt(IHtmlContent moment) => Html("You can ask for a new code {0}.", moment);
    public override string UsePassword => "Use a password instead";
    public override string UseAnotherAddress => "Use another address";
    public override string SigningInAs => "You go on as";
    public override string Change => "Change";
    public override string ChangeWhat => " the address";
    public override string NoMail => "No email?";
    public override string NoMailSpam => "Look into the folder for spam. Now and then an email takes a minute or two.";
    public override string NoMailAddress => "Is the address above right? If not, change it.";
    public override string NoMailReload => "Check the delivery";
    public override string MailDelayed => "The email is held up: its server does not take it at the moment. We keep trying while the code works. You can wait, or use a password instead.";
    public override string MailUndeliverable => "The email could not be delivered. Check the address, or use a password instead.";
    public override string StaySignedIn => "Stay signed in on this device";

    public override string EnterPassword => "Enter your password";
    public override string Password => "Password";
    public override string PasswordMissing => "Enter your password.";
    public override string ShowPassword => "Show password";
    public override string HidePassword => "Hide password";
    public override string MailCodeInstead => "Email me a code instead";

    public override string CreateAccount => "Create your account";
    public override string EmailAddress => "Email address";
    public override string EmailMissing => "Enter your email address.";
    public override string EmailUnknownShape => "That is not an email address. Check for typing errors.";
    public override string HaveAccount => "Have an account already?";
    public override string NobodyYet => "No account yet";
    public override IHtmlContent NobodyHas(string address) =>
        Html("Your code was right, and nobody has an account with <strong>{0}</strong> yet. Create it now?", address);
    public override string CreateThisAccount => "Create account";

    public override string ChoosePassword => "Choose a password";
    public override string PasswordAdvice => "At least 8 characters. A few words you will remember are better than special characters.";
    public override string PasswordTooShort => "Use at least 8 characters.";
    public override string PasswordTooLong => "Use at most 256 characters.";
    public override string PasswordTooCommon => "That password is among the first anybody would guess. Choose another one.";
    public override string Or => "or";
    public override string WithoutPassword => "Continue without one";
    public override string WithoutPasswordMeans => "You then sign in with a code by email each time.";

    public override string ChooseAccount => "Choose an account";
    public override string ContinueAs(string name) => $"Continue as {name}";
    public override string UseAnotherAccount => "Use another account";

    public override string ConsentTitle(string application) => $"Allow {application}?";
    public override IHtmlContent ConsentAsks(string application, string destination) =>
        Html("<strong>{0}</strong> at {1} is run by others. It asks to:", application, destination);
    public override IHtmlContent ConsentAsksMore(string application, string destination) =>
        Html("<strong>{0}</strong> at {1} is run by others. Beside what you allowed before, it asks to:", application, destination);
    public override string ConsentAllowedBefore => "What you allowed before";
    public override string ConsentLasts(TimeSpan lifetime) => $"Your answer counts for {Math.Round(lifetime.TotalDays)} days, or until you take it back.";
    public override string Allow => "Allow";
    public override string Deny => "Do not allow";
    public override string PolicyOf(string application) => $"Privacy at {application}";
    public override string TermsOf(string application) => $"Terms of {application}";
    public override string AskedAnew => "What is asked here has changed since you opened the page. Please look again.";
    public override (string Name, string? Means) Scope(string scope) => scope switch
    {
        "openid" => ("Know you again", "By a number that stands for your account."),
        "profile" => ("See your profile", "Name, picture, birthday, gender, language and the like."),
        "email" => ("See your email address", null),
        "phone" => ("See your phone number", null),
        "address" => ("See your postal address", null),
        "offline_access" => ("Stay connected while you are away", "It keeps what you allow here after you leave, until you take it back."),
        "members" => ("Use your membership for you", "Read and change your profile and orders."),
        "members.read" => ("See your membership", "Read your profile and orders."),
        "leads.read" => ("Read enquiries", null),
        "leads.write" => ("Send enquiries", null),
        "feedogo" => ("Use FeedoGo for you", null),
        "feedogo.redeem" => ("Redeem benefits at FeedoGo", null),
        "identity.admin" => ("Administer this service", "People, applications and settings."),
        _ => ($"Use “{scope}”", null),
    };
    public override string SeeClaim(string claim) => "See " + claim switch
    {
        "name" => "your name",
        "picture" => "your picture",
        "given_name" => "your given name",
        "family_name" => "your family name",
        "middle_name" => "your middle name",
        "nickname" => "your nickname",
        "preferred_username" => "your user name",
        "profile" => "the address of your profile page",
        "website" => "the address of your website",
        "gender" => "your gender",
        "birthdate" => "your birthday",
        "zoneinfo" => "your time zone",
        "locale" => "your language",
        "updated_at" => "when your profile last changed",
        "email" => "your email address",
        "email_verified" => "whether your email address is verified",
        "phone_number" => "your phone number",
        "phone_number_verified" => "whether your phone number is verified",
        "address" => "your postal address",
        "role" => "your roles",
        _ => $"“{claim}”",
    };

    public override string SignedIn => "You are signed in";
    public override string SignedInAs => "Signed in as";
    public override string HadAccount => "There was an account with this address already, so you are signed in to it. Its password is unchanged.";
    public override string AlreadyDone => "This sign-in is complete.";
    public override string ContinueTo(string application) => $"Continue to {application}";

    public override string SignOut => "Sign out";
    public override string SignOutQuestion => "Sign out?";
    public override IHtmlContent SignOutAskedBy(string application) => Html("<strong>{0}</strong> asks to sign you out.", application);
    public override string SignOutMeans => "Applications you use with this account in this browser then ask you to sign in again.";
    public override string StayHere => "Stay signed in";
    public override string SignedOut => "You are signed out";
    public override string SignedOutMeans => "Nobody is signed in here in this browser now.";
    public override string SignInAgain => "Sign in again";
    public override string NotSentBack(LogoutProblemKind reason) => reason switch
    {
        LogoutProblemKind.UnknownClient => "We did not send you back, because the request does not say which application it came from.",
        LogoutProblemKind.Contradiction => "We did not send you back, because the request names two different applications.",
        LogoutProblemKind.ForeignHint => "We did not send you back, because the proof the application sent along is not one of ours.",
        LogoutProblemKind.UnregisteredUri => "We did not send you back, because the address the application named is not registered for it.",
        LogoutProblemKind.Unreadable => "We did not send you back, because the request could not be read.",
        _ => "",
    };
    public override string BackTo(string application) => $"Back to {application}";
    public override string SigningOutElsewhere => "The applications you used are being told. You go on in a moment.";
    public override string KeepAccess => "These applications go on having access to your account after you sign out:";
    public override string KeepAccessEnd => "To end that too, sign in and open your account page.";

    public override string YourAccount => "Your account";
    public override string Devices => "Where you are signed in";
    public override string DevicesMean => "If you do not recognise one, sign it out. Whatever was signed in there loses its access at once.";
    public override string ThisDevice => "This device";
    public override string UnknownDevice => "Unknown device";
    public override string Surface(string surface) => surface switch
    {
        "page" => "Signed in on this site",
        "json" => "Signed in through an application",
        _ => "Signed in by an application",
    };
    public override string SignedInTo(string application) => $"Signed in to {application}";
    public override string Address => "Network address";
    public override IHtmlContent SignedInWhen(IHtmlContent moment) => Html("Signed in {0}", moment);
    public override IHtmlContent LastActive(IHtmlContent moment) => Html("last active {0}", moment);
    public override string StaysSignedIn => "stays signed in";
    public override string OnlyApplications => "No longer signed in here; only the applications still have access";
    public override IHtmlContent UsedBy(IEnumerable<string> applications) => Html("Used by {0}", string.Join(", ", applications));
    public override string SignOutDevice => "Sign out";
    public override string SignOutOthers => "Sign out everywhere else";
    public override string SignOutOthersMeans => "You stay signed in on this device.";
    public override string MoreSessions => "There are more than fit on this page. Signing out everywhere else ends them too.";
    public override string NoOtherSessions => "You are signed in nowhere else.";
    public override string Applications => "Applications with access";
    public override string ApplicationsMean => "You allowed these applications to use your account.";
    public override string NoApplications => "You have not allowed any application to use your account.";
    public override IHtmlContent AllowedWhen(IHtmlContent moment) => Html("Allowed {0}", moment);
    public override string Withdraw => "Remove access";
    public override string GoneApplication => "An application that no longer exists";
    public override string SessionEnded => "That device is signed out.";
    public override string OthersEnded => "You are signed out everywhere else.";
    public override string AccessWithdrawn => "The application has no access any more.";

    public override string Refused => "That sign-in didn’t work. Check and try again.";
    public override string CodeWrong => "That is not the code. Check and try again.";
    public override string CodeWrongWithTries(int left) => left == 1 ? "That is not the code. One try is left." : $"That is not the code. {left} tries are left.";
    public override string CodeExpired => "This code is too old. Ask for a new one.";
    public override string CodeSpent => "Too many wrong tries: this code no longer works. Ask for a new one.";
    public override string CodeUnknown => "This code no longer works. Ask for a new one.";
    public override IHtmlContent CodesLocked(IHtmlContent moment) => Html("Too many wrong codes for this address. Try again {0}, or use a password.", moment);
    public override IHtmlContent PasswordsLocked(IHtmlContent moment) => Html("Too many tries. Try again {0}, or sign in with a code.", moment);
    public override IHtmlContent SendLimited(IHtmlContent moment) => Html("No new code was sent: there have been too many in a short time. You can ask again {0}.", moment);
    public override string Resent => "A new code is on its way. Only the newest one works.";
    public override string FormExpired => "This page waited too long, so nothing was sent. Please try once more.";
    public override string Busy => "Very many people are signing in right now. Wait a few seconds and try again.";

    public override string ErrorTitle => "That did not work";
    public override string RequestRefused => "An application sent you here with a request we cannot accept.";
    public override IHtmlContent RequestRefusedFrom(string application) => Html("<strong>{0}</strong> sent you here with a request we cannot accept.", application);
    public override string ErrorAdvice => "Go back to the application and try again. If it happens again, tell the people who run it the request id.";
    public override string StaleTitle => "This page waited too long";
    public override string WaitedTooLong => "Nothing was sent. Continue to start again.";
    public override string Stale => "This sign-in was begun in another browser, or too long ago. Go back to the application and sign in from there.";
    public override IHtmlContent StaleFrom(string application) =>
        Html("This sign-in to <strong>{0}</strong> was begun in another browser, or too long ago. Go back and sign in from there.", application);
    public override string UnavailableTitle => "Back in a moment";
    public override string Unavailable => "Part of this service cannot be reached. Nothing is lost; try again in a few seconds.";
    public override string TryAgain => "Try again";
    public override string FailedTitle => "Something failed here";
    public override string Failed => "That was our fault, not yours. Try again; if it happens again, tell us the request id.";
    public override string BadInputTitle => "We could not read that";
    public override string BadInput => "Part of what the browser sent is missing, doubled, too long or wrongly encoded. Go back and try again.";
    public override string TooLargeTitle => "That was too much";
    public override string TooLarge => "The browser sent more than we take. Go back and try again.";
    public override string NotFoundTitle => "There is no such page";
    public override string NotFound => "The address may be mistyped, or the page is gone.";
    public override string GoToSignIn => "Go to sign-in";
    public override string RequestId => "Request id";
    public override string Copy => "Copy";
    public override string Copied => "Copied";
    public override string ForDevelopers => "For developers";

    public override string InSeconds(int seconds) => seconds == 1 ? "in 1 second" : $"in {seconds} seconds";
    public override string InMinutes(int minutes) => minutes == 1 ? "in 1 minute" : $"in {minutes} minutes";
    public override string JustNow => "just now";
    public override string MinutesAgo(int minutes) => minutes == 1 ? "a minute ago" : $"{minutes} minutes ago";
    public override string HoursAgo(int hours) => hours == 1 ? "an hour ago" : $"{hours} hours ago";
    public override string Day(DateTime day) => string.Create(CultureInfo.InvariantCulture, $"on {day:d MMMM yyyy}");
    public override string InHours(int hours) => hours == 1 ? "in 1 hour" : $"in {hours} hours";
}
