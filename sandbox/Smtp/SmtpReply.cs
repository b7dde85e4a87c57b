using System.Globalization;
using System.Text;

namespace Sandbox;

/// <summary>A reply: three digits and one or more lines of text (RFC 5321 §4.2), with enhanced status codes (RFC 3463).</summary>
public sealed record SmtpReply(int Code, params string[] Lines)
{
    // RFC 5321 §4.2.2, in numeric order
    public static readonly SmtpReply Ready = new(220, "localhost ESMTP Identity sandbox");
    public static readonly SmtpReply GoAhead = new(220, "2.0.0 Ready to start TLS");
    public static readonly SmtpReply Bye = new(221, "2.0.0 Bye");
    public static readonly SmtpReply Authenticated = new(235, "2.7.0 Authentication successful");
    public static readonly SmtpReply Ok = new(250, "2.0.0 OK");
    public static readonly SmtpReply SenderOk = new(250, "2.1.0 Sender OK");
    public static readonly SmtpReply RecipientOk = new(250, "2.1.5 Recipient OK");
    public static readonly SmtpReply CannotVerify = new(252, "2.5.2 Cannot verify, but will try to deliver");
    public static readonly SmtpReply StartInput = new(354, "End data with <CR><LF>.<CR><LF>");
    public static readonly SmtpReply IdleTooLong = new(421, "4.4.2 Idle for too long, closing");
    public static readonly SmtpReply TooManyFailures = new(421, "4.7.0 Too many errors, closing");
    public static readonly SmtpReply TooManyRecipients = new(452, "4.5.3 Too many recipients");
    public static readonly SmtpReply LineTooLong = new(500, "5.5.2 Line too long");
    public static readonly SmtpReply BareLineFeed = new(500, "5.5.2 Lines end with CR LF");
    public static readonly SmtpReply UnknownCommand = new(500, "5.5.1 Command not recognised");
    public static readonly SmtpReply BadArguments = new(501, "5.5.4 Syntax error in arguments");
    public static readonly SmtpReply BadBase64 = new(501, "5.5.2 Not base64");
    public static readonly SmtpReply AuthenticationCancelled = new(501, "5.7.0 Authentication cancelled");
    public static readonly SmtpReply NotOffered = new(502, "5.5.1 Not offered");
    public static readonly SmtpReply BadSequence = new(503, "5.5.1 Bad sequence of commands");
    public static readonly SmtpReply UnknownMechanism = new(504, "5.5.4 Authentication mechanism not offered");
    public static readonly SmtpReply TlsRequired = new(530, "5.7.0 Must issue a STARTTLS command first");
    public static readonly SmtpReply AuthenticationRequired = new(530, "5.7.0 Authentication required");
    public static readonly SmtpReply BadCredentials = new(535, "5.7.8 Authentication credentials invalid");
    public static readonly SmtpReply EncryptionRequired = new(538, "5.7.11 Encryption required for requested authentication mechanism");
    public static readonly SmtpReply TooBig = new(552, "5.3.4 Message too big");
    public static readonly SmtpReply BadAddress = new(553, "5.1.3 Address not understood");
    public static readonly SmtpReply AddressNeedsUtf8 = new(553, "5.6.7 SMTPUTF8 was not requested");
    public static readonly SmtpReply PlaintextAfterStartTls = new(554, "5.5.0 Input after STARTTLS before the handshake, closing");
    public static readonly SmtpReply UnknownParameter = new(555, "5.5.4 Parameter not recognised");

    public bool Refuses => Code >= 400;

    /// <summary>The bytes' text, every line ending with CR LF.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Lines.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Code}{(i == Lines.Length - 1 ? ' ' : '-')}{Lines[i]}\r\n");
        }

        return text.ToString();
    }

    /// <summary>This reply in the words of a script.</summary>
    public SmtpReply Reworded(Script script)
    {
        var code = script.Status ?? Code;
        var lines = script.Body?.ReplaceLineEndings("\n").Split('\n') ?? Lines;
        return new SmtpReply(code, script.ErrorCode is { } enhanced ? [.. lines.Select(line => $"{enhanced} {line}")] : lines);
    }
}
