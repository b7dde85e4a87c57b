using System.Globalization;

namespace Accounts;

/// <summary>How far a conversation with the mail server came.</summary>
internal enum SubmissionStage
{
    Connect,
    Tls,
    Greeting,
    Auth,
    Sender,
    Recipient,
    Message,
}

/// <summary>What a try means for the mail (RFC 5321 §4.2.1, RFC 3463).</summary>
internal enum SubmissionVerdict
{
    Accepted,

    /// <summary>Not now: try again.</summary>
    Transient,

    /// <summary>The connection broke after the last line: it may have arrived.</summary>
    Lost,

    /// <summary>The caller said at the last moment that the mail must not go out.</summary>
    Withheld,

    /// <summary>Our settings or our standing with the server: every mail would fail the same way.</summary>
    Misconfigured,

    /// <summary>There is no such mailbox.</summary>
    BadAddress,

    /// <summary>The mailbox takes nothing more; a code will not wait until somebody clears it.</summary>
    MailboxFull,

    /// <summary>Refused for what it is or where it comes from (spam, SPF, DKIM, DMARC).</summary>
    Policy,

    /// <summary>The server did not understand us: our bug, or no mail server.</summary>
    Protocol,
}

/// <summary>The result of one try. The server's own text is left out: it repeats addresses.</summary>
internal sealed record SubmissionResult(SubmissionVerdict Verdict, SubmissionStage Stage)
{
    public SmtpReply? Reply { get; init; }

    /// <summary>For the operator, when it was not a reply that ended the try.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the server answered the whole message, so that it is known whether it was taken.</summary>
    public bool AnsweredAfterLastLine { get; init; }

    public override string ToString() => $"{Verdict} at {Stage}: {Reply?.ToString() ?? Reason}";
}

/// <summary>A reply (RFC 5321 §4.2) with its enhanced code (RFC 2034), if it has one.</summary>
internal sealed record SmtpReply(int Code, string? Enhanced, IReadOnlyList<string> Lines)
{
    public bool Positive => Code is >= 200 and < 300;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Enhanced}").TrimEnd();
}
