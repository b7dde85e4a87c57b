namespace Sandbox;

/// <summary>Who sends to whom: what MAIL and RCPT gathered for the message that comes next (RFC 5321 §3.3).</summary>
public sealed class SmtpEnvelope
{
    private const int MostRecipients = 100; // RFC 5321 §4.5.3.1.8

    private readonly List<string> recipients = [];
    private SmtpPath? sender;

    public bool HasSender => sender is not null;

    public bool IsComplete => sender is not null && recipients.Count > 0;

    /// <summary>The reverse path; empty for a bounce.</summary>
    public string Sender => sender?.Address ?? "";

    public IReadOnlyList<string> Recipients => recipients;

    private bool AllowsUtf8 => sender?.Parameters.ContainsKey("SMTPUTF8") == true;

    public SmtpReply TakeSender(string arguments, int maxMessageBytes, Func<string, bool> offers)
    {
        if (sender is not null)
        {
            return SmtpReply.BadSequence;
        }

        if (SmtpPath.Parse(arguments, "FROM:") is not { } path)
        {
            return SmtpReply.BadArguments;
        }

        if (path.Address.Length > 0 && !path.IsMailbox) // the empty path is that of bounces (RFC 5321 §4.5.5)
        {
            return SmtpReply.BadAddress;
        }

        foreach (var (name, value) in path.Parameters)
        {
            switch (name.ToUpperInvariant())
            {
                case "SIZE" when offers("SIZE") && long.TryParse(value, out var size):
                    if (size > maxMessageBytes)
                    {
                        return SmtpReply.TooBig; // RFC 1870 §6.1
                    }

                    break;
                case "BODY" when offers("8BITMIME") && value.ToUpperInvariant() is "7BIT" or "8BITMIME":
                case "SMTPUTF8" when offers("SMTPUTF8") && value.Length == 0:
                case "AUTH": // RFC 4954 §5: taken, and of no use to a sink
                    break;
                default:
                    return SmtpReply.UnknownParameter;
            }
        }

        if (!path.IsAscii && !path.Parameters.ContainsKey("SMTPUTF8"))
        {
            return SmtpReply.AddressNeedsUtf8; // RFC 6531 §3.4
        }

        sender = path;
        return SmtpReply.SenderOk;
    }

    public SmtpReply TakeRecipient(string arguments)
    {
        if (sender is null)
        {
            return SmtpReply.BadSequence;
        }

        if (SmtpPath.Parse(arguments, "TO:") is not { } path)
        {
            return SmtpReply.BadArguments;
        }

        if (path.Parameters.Count > 0)
        {
            return SmtpReply.UnknownParameter;
        }

        if (!path.IsMailbox)
        {
            return SmtpReply.BadAddress;
        }

        if (!path.IsAscii && !AllowsUtf8)
        {
            return SmtpReply.AddressNeedsUtf8;
        }

        if (recipients.Count == MostRecipients)
        {
            return SmtpReply.TooManyRecipients;
        }

        recipients.Add(path.Address);
        return SmtpReply.RecipientOk;
    }

    public void Clear()
    {
        sender = null;
        recipients.Clear();
    }
}
