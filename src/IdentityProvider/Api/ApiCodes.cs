using System.Text;
using AccessTokens;
using Accounts;
using Microsoft.Extensions.Options;

namespace IdentityProvider;

/// <summary>What a code of this API is for: the seeds' own words, each its own purpose.</summary>
/// <param name="Use">As it stands in the body.</param>
internal sealed record CodeUse(string Use, CodePurpose Purpose)
{
    public static CodeUse SignUpWithPassword { get; } = new("signup_password", CodePurpose.SignUp);
    public static CodeUse SignUpWithCode { get; } = new("signup_otp", CodePurpose.SignUp);
    public static CodeUse SignIn { get; } = new("login_otp", CodePurpose.SignIn);
    public static CodeUse Register { get; } = new("EMAIL_REGISTER", CodePurpose.SignUp);
    public static CodeUse Reset { get; } = new("PASSWORD_RESET", CodePurpose.PasswordReset);

    private static readonly CodeUse[] All = [SignUpWithPassword, SignUpWithCode, SignIn, Register, Reset];

    public static CodeUse Of(string use) => All.First(known => known.Use == use);
}

/// <summary>A code as a call brings it.</summary>
internal sealed record TypedCode(string ChallengeId, string Email, CodeUse Use, string Code);

/// <summary>Sends and judges one-time codes for the JSON API.</summary>
public sealed class ApiCodes(
    OneTimeCodes codes, ApiOrigins origins, BrowserId browser, KnownDevices devices, BrowserCookies cookies, IOptions<OneTimeCodeOptions> options, TimeProvider time)
{
    /// <summary>Sends a code, or says why not.</summary>
    internal async Task<(SendOutcome.Sent? Sent, ApiError? Refusal)> SendAsync(HttpContext context, string email, CodeUse use, string? passwordHash = null)
    {
        var inBrowser = origins.IsOwn(context);
        var language = Language.FromAcceptLanguage(context.Request.GetTypedHeaders().AcceptLanguage) ?? Language.English;
        var known = inBrowser && await devices.IsKnownAsync(context, email);
        var request = new CodeRequest(email, use.Purpose, Surface.Json, BoundTo(context, use)[0], CodeDesk.IpOf(context), language, known)
        {
            PasswordHash = passwordHash,
            RequesterHint = DeviceLabel.Of(context.Request.Headers.UserAgent),
        };
        switch (await codes.SendAsync(request, CancellationToken.None))
        {
            case SendOutcome.Sent sent:
                if (inBrowser)
                {
                    browser.Ensure(context);
                }

                return (sent, null);
            case SendOutcome.Limited limited:
                return (null, ApiErrors.SendLimited(limited.RetryAt - time.GetUtcNow()));
            default:
                return (null, ApiErrors.Field("email", "must be an e-mail address"));
        }
    }

    /// <summary>Said before costly work that a send would only throw away.</summary>
    internal async Task<ApiError?> LimitedAsync(HttpContext context, string email) =>
        await codes.LimitedUntilAsync(email, CodeDesk.IpOf(context), context.RequestAborted) is { } until ? ApiErrors.SendLimited(until - time.GetUtcNow()) : null;

    internal ApiAnswer<CodeSentAnswer> Answer(SendOutcome.Sent sent)
    {
        var now = time.GetUtcNow();
        return new ApiAnswer<CodeSentAnswer>(new CodeSentAnswer(sent.Challenge, Seconds(sent.ExpiresAt - now), Seconds(sent.ResendAt - now)), ApiJson.Default.CodeSentAnswer);
    }

    /// <summary>The challenge if its code could be judged; nothing is judged or counted.</summary>
    internal Task<OpenChallenge?> FindOpenAsync(HttpContext context, TypedCode typed) => codes.FindOpenAsync(AttemptOf(context, typed, knownDevice: false), context.RequestAborted);

    /// <summary>Judges a code; right ones are spent.</summary>
    internal async Task<(VerifyOutcome.Proven? Proven, ApiError? Refusal)> JudgeAsync(HttpContext context, TypedCode typed)
    {
        // Not the request's own token: a code that was judged is spent, and the caller must hear of it if anybody still listens.
        var verdict = await codes.VerifyAsync(AttemptOf(context, typed, knownDevice: false), CancellationToken.None);

        // Only now does it matter whether this browser is known, and only a browser is asked.
        if (verdict is VerifyOutcome.Limited && origins.IsOwn(context) && await devices.IsKnownAsync(context, typed.Email))
        {
            verdict = await codes.VerifyAsync(AttemptOf(context, typed, knownDevice: true), CancellationToken.None);
        }

        var now = time.GetUtcNow();
        return verdict switch
        {
            VerifyOutcome.Proven proven => (proven, null),
            VerifyOutcome.Wrong => (null, ApiErrors.CodeInvalid),
            VerifyOutcome.Expired => (null, ApiErrors.CodeExpired),
            VerifyOutcome.Spent spent => (null, ApiErrors.GuessesLimited(spent.ResendAt - now)),
            VerifyOutcome.Limited limited => (null, ApiErrors.GuessesLimited(limited.RetryAt - now)),
            _ => (null, ApiErrors.ChallengeInvalid),
        };
    }

    /// <summary>Lets this browser's next call leave the challenge out.</summary>
    internal void Remember(HttpContext context, SendOutcome.Sent sent)
    {
        if (origins.IsOwn(context))
        {
            cookies.Write(context, BrowserCookies.ApiChallenge, sent.Challenge, options.Value.Lifetime);
        }
    }

    /// <summary>The challenge this browser was given last.</summary>
    internal string? Remembered(HttpContext context) => origins.IsOwn(context) ? cookies.Read(context, BrowserCookies.ApiChallenge) : null;

    internal void Forget(HttpContext context)
    {
        if (Remembered(context) is not null)
        {
            cookies.Delete(context, BrowserCookies.ApiChallenge);
        }
    }

    private CodeAttempt AttemptOf(HttpContext context, TypedCode typed, bool knownDevice)
    {
        var boundTo = BoundTo(context, typed.Use);
        return new CodeAttempt(typed.ChallengeId, typed.Code, typed.Use.Purpose, Surface.Json, boundTo[0], CodeDesk.IpOf(context), knownDevice)
        {
            OrBoundTo = boundTo.ElementAtOrDefault(1),
            Address = typed.Email,
        };
    }

    // The browser, where one shows itself, and the client, which is all there is elsewhere and at a browser's first call.
    private byte[][] BoundTo(HttpContext context, CodeUse use)
    {
        var client = Encoding.ASCII.GetBytes($"{use.Use} client {FirstParty.ClientId}");
        return origins.IsOwn(context) && browser.Find(context) is { } secret ? [Encoding.ASCII.GetBytes($"{use.Use} browser {secret}"), client] : [client];
    }

    private static int Seconds(TimeSpan time) => Math.Max(0, (int)Math.Ceiling(time.TotalSeconds));
}
