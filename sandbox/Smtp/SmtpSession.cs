using System.Net.Security;
using System.Security.Authentication;

namespace Sandbox;

/// <summary>
/// One client's dialogue (RFC 5321, STARTTLS of RFC 3207, AUTH of RFC 4954). Nothing is accepted before TLS and a right password. A script
/// that refuses keeps the command from being carried out; any other only delays or rewords what the session would have said.
/// </summary>
public sealed class SmtpSession(
    SmtpConnection connection,
    SmtpSettings settings,
    SandboxCertificates certificates,
    ScriptedService scripts,
    Mailbox mailbox,
    TimeProvider time,
    long number)
{
    private const int LongestCommand = 12288; // RFC 5321 §4.5.3.1.4 asks for 512, RFC 4954 §4 for this
    private const int MostFailures = 10;

    private static readonly string[] Verbs = ["EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY", "QUIT"];

    /// <summary>What can be scripted: the greeting, every verb, and the end of the message.</summary>
    public static readonly string[] Calls = ["CONNECT", .. Verbs, "DOT"];

    private static readonly string[] Mechanisms = ["PLAIN", "LOGIN"];

    private readonly SmtpEnvelope envelope = new();
    private string[] offered = [];
    private bool greeted, authenticated, finished;
    private int failures;

    /// <summary>Talks until one side is done.</summary>
    public async Task RunAsync(bool implicitTls, CancellationToken cancellationToken)
    {
        if (await UnderScriptAsync("CONNECT", "", SmtpReply.Ready, cancellationToken) is not { } greeting)
        {
            return;
        }

        if (implicitTls)
        {
            await connection.SecureAsync(TlsOptions(), cancellationToken);
        }

        await connection.WriteAsync(greeting, cancellationToken);
        if (greeting.Refuses)
        {
            return;
        }

        try
        {
            await TalkAsync(cancellationToken);
        }
        catch (TimeoutException)
        {
            await connection.WriteAsync(SmtpReply.IdleTooLong, cancellationToken);
        }
    }

    private async Task TalkAsync(CancellationToken cancellationToken)
    {
        while (!finished && await connection.ReadLineAsync(LongestCommand, cancellationToken) is { } line)
        {
            var command = SmtpCommand.Parse(line.Text);
            if (await AnswerAsync(line, command, cancellationToken) is not { } reply)
            {
                return;
            }

            failures += reply.Refuses ? 1 : 0;
            if (failures == MostFailures)
            {
                reply = SmtpReply.TooManyFailures;
            }

            finished |= reply.Code == 421 || command.Verb == "QUIT";
            await connection.WriteAsync(reply, cancellationToken);

            if (command.Verb == "STARTTLS" && !reply.Refuses)
            {
                await StartTlsAsync(cancellationToken);
            }
            else if (command.Verb == "DATA" && !reply.Refuses)
            {
                await ReceiveAsync(cancellationToken);
            }
        }
    }

    /// <returns>The reply, or null when the connection is to be dropped.</returns>
    private async Task<SmtpReply?> AnswerAsync(SmtpLine line, SmtpCommand command, CancellationToken cancellationToken) =>
        line.TooLong ? SmtpReply.LineTooLong
        : !line.EndsWithCrLf ? SmtpReply.BareLineFeed
        : !Verbs.Contains(command.Verb) ? SmtpReply.UnknownCommand
        : command.Verb == "AUTH" ? await AuthenticateAsync(command, cancellationToken)
        : await UnderScriptAsync(command.Verb, command.WithoutSecrets(), script => Execute(command, script), cancellationToken);

    private SmtpReply Execute(SmtpCommand command, Script? script) => command.Verb switch
    {
        "EHLO" => Greet(command.Arguments, script),
        "HELO" => Greet(command.Arguments, null) is { Refuses: true } refusal ? refusal : new SmtpReply(250, "localhost"),
        "STARTTLS" => BeginTls(command.Arguments),
        "MAIL" => TakeSender(command.Arguments),
        "RCPT" => envelope.TakeRecipient(command.Arguments),
        "DATA" => envelope.IsComplete ? SmtpReply.StartInput : SmtpReply.BadSequence,
        "RSET" => ForgetMessage(),
        "VRFY" => SmtpReply.CannotVerify,
        "QUIT" => SmtpReply.Bye,
        _ => SmtpReply.Ok, // NOOP
    };

    private SmtpReply Greet(string client, Script? script)
    {
        if (client.Length == 0)
        {
            return SmtpReply.BadArguments;
        }

        ForgetMessage(); // RFC 5321 §4.1.4: EHLO also resets
        greeted = true;

        // A scripted EHLO switches capabilities: what it does not name is not offered in this session, and refused below.
        offered = script?.Body?.ReplaceLineEndings("\n").Split('\n')
            ?? ["PIPELINING", $"SIZE {settings.MaxMessageBytes}", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES",
                connection.IsSecure ? $"AUTH {string.Join(' ', Mechanisms)}" : "STARTTLS"];
        return new SmtpReply(250, ["localhost", .. offered]);
    }

    private SmtpReply BeginTls(string arguments)
    {
        if (arguments.Length > 0)
        {
            return SmtpReply.BadArguments;
        }

        if (!greeted || connection.IsSecure)
        {
            return SmtpReply.BadSequence;
        }

        if (!Offers("STARTTLS"))
        {
            return SmtpReply.NotOffered;
        }

        if (!connection.HasMoreInput)
        {
            return SmtpReply.GoAhead;
        }

        // Whatever came in plain text after STARTTLS could have been put there by anyone (CVE-2011-0411).
        finished = true;
        return SmtpReply.PlaintextAfterStartTls;
    }

    private async Task StartTlsAsync(CancellationToken cancellationToken)
    {
        await connection.SecureAsync(TlsOptions(), cancellationToken);
        greeted = false; // RFC 3207 §4.2: all knowledge from before is discarded
        offered = [];
        ForgetMessage();
    }

    private async Task<SmtpReply?> AuthenticateAsync(SmtpCommand command, CancellationToken cancellationToken)
    {
        var arguments = command.Arguments.Split(' ', 2);
        var mechanism = arguments[0].ToUpperInvariant();
        var refusal =
            !greeted || authenticated || envelope.HasSender ? SmtpReply.BadSequence
            : !connection.IsSecure ? SmtpReply.EncryptionRequired
            : !Mechanisms.Contains(mechanism) || !Offers("AUTH", mechanism) ? SmtpReply.UnknownMechanism
            : null;

        // The script comes after the exchange: that is where servers say 535 or 454.
        var exchange = new SmtpAuthentication(connection, settings);
        if ((refusal ?? await exchange.ExchangeAsync(mechanism, arguments.ElementAtOrDefault(1), cancellationToken)) is not { } verdict)
        {
            return null;
        }

        return await UnderScriptAsync(
            "AUTH",
            command.WithoutSecrets(),
            _ =>
            {
                authenticated |= verdict.Code == 235;
                return verdict;
            },
            cancellationToken);
    }

    private SmtpReply TakeSender(string arguments) =>
        !connection.IsSecure ? SmtpReply.TlsRequired
        : !authenticated ? SmtpReply.AuthenticationRequired
        : !greeted ? SmtpReply.BadSequence
        : envelope.TakeSender(arguments, settings.MaxMessageBytes, keyword => Offers(keyword));

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        if (await SmtpData.ReadAsync(connection, settings.MaxMessageBytes, Offers("8BITMIME"), cancellationToken) is not { } data)
        {
            finished = true;
            return;
        }

        var reply = await UnderScriptAsync(
            "DOT",
            $"{data.Bytes.Length} octets",
            _ => data.Refusal ?? Deliver(data.Bytes),
            cancellationToken);
        ForgetMessage();
        finished = reply is null or { Code: 421 };
        if (reply is not null)
        {
            await connection.WriteAsync(reply, cancellationToken);
        }
    }

    private SmtpReply Deliver(byte[] message) =>
        new(250, $"2.0.0 Queued as {mailbox.Deliver(envelope.Sender, envelope.Recipients, message).Id}");

    private SmtpReply ForgetMessage()
    {
        envelope.Clear();
        return SmtpReply.Ok;
    }

    private bool Offers(string keyword, string? value = null) => offered.Any(line =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, .. var values]
        && string.Equals(name, keyword, StringComparison.OrdinalIgnoreCase)
        && (value is null || values.Contains(value, StringComparer.OrdinalIgnoreCase)));

    private Task<SmtpReply?> UnderScriptAsync(string call, string received, SmtpReply reply, CancellationToken cancellationToken) =>
        UnderScriptAsync(call, received, _ => reply, cancellationToken);

    /// <returns>What to reply, or null when the connection is to be dropped.</returns>
    private async Task<SmtpReply?> UnderScriptAsync(
        string call, string received, Func<Script?, SmtpReply> execute, CancellationToken cancellationToken)
    {
        var receivedAt = time.GetUtcNow();
        var script = scripts.Take(call);

        // A connection lost after the final dot leaves the client in doubt about a message that did arrive; before, nothing has happened.
        var carriedOut = script is null or { Refuses: false, Drops: false } || (script.Drops && call == "DOT");
        var reply = carriedOut ? execute(script) : new SmtpReply(script!.Status!.Value, "As scripted").Reworded(script);
        if (script is { Drops: false, Refuses: false } && !reply.Refuses && call != "EHLO")
        {
            reply = reply.Reworded(script);
        }

        scripts.Record(new RecordedCall(call, received, script is { Drops: true } ? 0 : reply.Code, number, receivedAt));
        if (script is not null && script.Delay > TimeSpan.Zero)
        {
            await Task.Delay(script.Delay, time, cancellationToken);
        }

        return script is { Drops: true } ? null : reply;
    }

    private SslServerAuthenticationOptions TlsOptions() => new()
    {
        ServerCertificateContext = certificates.Server,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, // RFC 8996
    };
}
