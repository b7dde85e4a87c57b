namespace Accounts;

/// <summary>How far the mail of a challenge has come, for the page on which its code is awaited.</summary>
public abstract record MailState
{
    private MailState()
    {
    }

    /// <summary>Waiting for its first try, or being handed over.</summary>
    public sealed record Queued : MailState;

    /// <summary>The mail server took it (or may have: the connection broke after the last line).</summary>
    public sealed record Sent(DateTimeOffset At) : MailState;

    /// <summary>The mail server could not take it yet; the next try is at <paramref name="Until"/>.</summary>
    public sealed record Delayed(DateTimeOffset Until) : MailState;

    /// <summary>It will not arrive: refused for good, or out of time.</summary>
    public sealed record Undeliverable : MailState;

    /// <summary>No such challenge, or long over.</summary>
    public sealed record Unknown : MailState;
}
