using System.Net;
using System.Text;
using Accounts;

namespace IdentityProvider;

/// <summary>Asks for one-time codes on behalf of a page and brings typed ones to judgement; what came of it stands in the interaction.</summary>
public sealed class CodeDesk(
    OneTimeCodes codes, MailQueue mails, KnownDevices devices, BrowserId browser, LatestCode latest, Seal seal, Interactions interactions)
{
    private const string Purpose = "challenge";
    private const string PasswordPurpose = "password hash of a new account";

    /// <summary>Sends a code to the interaction's address, unless one is under way there that still works.</summary>
    public async Task OpenAsync(HttpContext context, Interaction interaction, InteractionState next, DateTimeOffset now, string language)
    {
        if (Live(next, now) is null)
        {
            await SendAsync(context, interaction, next, language);
        }
        else
        {
            await interactions.MoveAsync(interaction, next);
        }
    }

    /// <summary>Sends a code because the person asked for another; the one before is kept when no other may be sent yet.</summary>
    public async Task SendAsync(HttpContext context, Interaction interaction, InteractionState next, string language)
    {
        var address = next.Identifier!;
        var request = new CodeRequest(address, PurposeOf(next.Intent), Surface.Page, BoundTo(browser.Ensure(context)), IpOf(context), language,
            await devices.IsKnownAsync(context, address))
        {
            RequesterHint = DeviceLabel.Of(context.Request.Headers.UserAgent),
        };
        // Not the request's own token: a code once sent must be known here, also when the browser has gone on to the next click.
        switch (await codes.SendAsync(request, CancellationToken.None))
        {
            case SendOutcome.Sent sent:
                var code = new SentCode(seal.Close(Purpose, sent.Challenge), address, next.Intent, sent.ExpiresAt, sent.ResendAt);
                latest.Remember(context, code);
                await interactions.MoveAsync(interaction, next with { Code = code, Notice = next.Code?.Address == address ? new Notice(NoticeKind.Resent) : null });
                break;
            case SendOutcome.Limited limited:
                // Asked for a moment ago, here or in another tab: that one serves.
                var earlier = next.Code?.Address == address ? next.Code : latest.Find(context, address);
                var isFirst = earlier is not null && next.Code is null;
                await interactions.MoveAsync(interaction, next with
                {
                    Code = (earlier ?? SentCode.Elsewhere(address, next.Intent)) with { ResendAt = limited.RetryAt },
                    Notice = isFirst ? null : new Notice(NoticeKind.SendLimited, limited.RetryAt),
                });
                break;
            default:
                throw new InvalidOperationException("An address that was canonical when it was typed is not an address.");
        }
    }

    /// <summary>Judges a typed code.</summary>
    public async Task<VerifyOutcome> JudgeAsync(HttpContext context, Interaction interaction, string typed)
    {
        if (interaction.State is not { Code: { } code, Identifier: { } address } || Challenge(code) is not { } challenge || browser.Find(context) is not { } secret)
        {
            return new VerifyOutcome.Unknown();
        }

        var attempt = new CodeAttempt(challenge, typed, PurposeOf(code.Intent), Surface.Page, BoundTo(secret), IpOf(context), await devices.IsKnownAsync(context, address))
        {
            Address = address,
        };
        return await codes.VerifyAsync(attempt, CancellationToken.None);
    }

    /// <summary>How far the mail has come that carries the code.</summary>
    public async Task<MailState> MailStateAsync(SentCode code, CancellationToken cancellation) =>
        Challenge(code) is { } challenge ? await mails.StateAsync(challenge, cancellation) : new MailState.Unknown();

    /// <summary>The code of this address that still works.</summary>
    public static SentCode? Live(InteractionState state, DateTimeOffset now) =>
        state.Code is { } code && code.Address == state.Identifier && code.ExpiresAt > now ? code : null;

    /// <summary>The state that keeps the hash of a new account's password until its address is proven.</summary>
    public InteractionState WithPasswordHash(InteractionState state, string? hash) =>
        state with { SealedPasswordHash = hash is null ? null : seal.Close(PasswordPurpose, hash) };

    public string? PasswordHash(InteractionState state) => seal.Open(PasswordPurpose, state.SealedPasswordHash);

    public static IPAddress IpOf(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.Loopback;

    private string? Challenge(SentCode code) => seal.Open(Purpose, code.SealedChallenge);

    private static byte[] BoundTo(string secret) => Encoding.ASCII.GetBytes(secret);

    private static CodePurpose PurposeOf(Intent intent) => intent == Intent.SignUp ? CodePurpose.SignUp : CodePurpose.SignIn;
}
