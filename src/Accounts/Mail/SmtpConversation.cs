using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Accounts;

/// <summary>One connection, one mail. Each step answers null to go on, or the result that ends the try.</summary>
internal sealed class SmtpConversation(SmtpOptions smtp, ServerTrust trust) : IAsyncDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private Stream? _stream;
    private SmtpWire _wire = new(Stream.Null, smtp.Timeout);
    private SmtpCapabilities _offered = new(new SmtpReply(250, null, []));
    private SubmissionStage _stage = SubmissionStage.Connect;
    private bool _untrusted;
    private bool _lastLineSent;

    /// <summary>Connection, TLS and EHLO.</summary>
    public async Task<SubmissionResult?> ConnectAsync(CancellationToken ct)
    {
        using (var limit = Limit(ct))
        {
            await _socket.ConnectAsync(smtp.Host, smtp.Port, limit.Token);
        }

        _stream = new NetworkStream(_socket, ownsSocket: true);

        if (smtp.Mode == SmtpTls.Implicit)
        {
            await StartTlsAsync(ct);
            return await GreetAsync(ct) ?? await HelloAsync(ct);
        }

        _wire = new SmtpWire(_stream, smtp.Timeout);
        if ((await GreetAsync(ct) ?? await HelloAsync(ct)) is { } refused)
        {
            return refused;
        }

        _stage = SubmissionStage.Tls;
        // RFC 8314 §4.1: whoever strips STARTTLS from the offer gets no mail to read.
        if (!_offered.Has("STARTTLS"))
        {
            return Ended(SubmissionVerdict.Misconfigured, "the server offers no STARTTLS");
        }

        if (await _wire.CommandAsync("STARTTLS", ct) is { Code: not 220 } reply)
        {
            return Refused(reply);
        }

        await StartTlsAsync(ct);
        // RFC 3207 §4.2: what was said before TLS is forgotten.
        return await HelloAsync(ct);
    }

    /// <summary>RFC 4954. Without credentials there is nothing to do; with them there is no going on without.</summary>
    public async Task<SubmissionResult?> AuthenticateAsync(CancellationToken ct)
    {
        _stage = SubmissionStage.Auth;
        if (!smtp.HasCredentials)
        {
            return null;
        }

        if (_offered.HasMechanism("PLAIN"))
        {
            return await PlainAsync(ct);
        }

        return _offered.HasMechanism("LOGIN")
            ? await LoginAsync(ct)
            : Ended(SubmissionVerdict.Misconfigured, "the server offers neither AUTH PLAIN nor LOGIN");
    }

    /// <summary>RFC 5321 §3.3: MAIL and RCPT.</summary>
    public async Task<SubmissionResult?> NameRecipientAsync(OutgoingMail mail, CancellationToken ct)
    {
        _stage = SubmissionStage.Sender;
        var international = !mail.Recipient.All(char.IsAscii);
        // RFC 6531 §3.1: an international address goes only where it is understood.
        if (international && !_offered.Has("SMTPUTF8"))
        {
            return Ended(SubmissionVerdict.BadAddress, "the server offers no SMTPUTF8");
        }

        var size = _offered.Has("SIZE") ? $" SIZE={mail.Message.Length}" : "";
        var utf8 = international ? _offered.Has("8BITMIME") ? " BODY=8BITMIME SMTPUTF8" : " SMTPUTF8" : "";
        var reply = await _wire.CommandAsync($"MAIL FROM:<{smtp.Sender.Address}>{size}{utf8}", ct);
        if (!reply.Positive)
        {
            return Refused(reply);
        }

        _stage = SubmissionStage.Recipient;
        reply = await _wire.CommandAsync($"RCPT TO:<{mail.Recipient}>", ct);
        return reply.Positive ? null : Refused(reply);
    }

    /// <summary>RFC 5321 §4.1.1.4: DATA, the message, and the last line that makes it the server's.</summary>
    public async Task<SubmissionResult> HandOverAsync(
        OutgoingMail mail, Func<CancellationToken, Task<bool>> mayHandOver, CancellationToken ct)
    {
        _stage = SubmissionStage.Message;
        if (await _wire.CommandAsync("DATA", ct) is { Code: not 354 } refused)
        {
            return Refused(refused);
        }

        await _wire.WriteAsync(DotStuffing.Stuff(mail.Message), ct);
        if (!await mayHandOver(ct))
        {
            return Ended(SubmissionVerdict.Withheld, "the lease or the code has expired");
        }

        _lastLineSent = true;
        await _wire.WriteAsync(DotStuffing.LastLine, CancellationToken.None);
        var reply = await _wire.ReplyAsync(CancellationToken.None);
        _lastLineSent = false;
        var verdict = reply.Positive ? SubmissionVerdict.Accepted : ReplyClass.Of(_stage, reply);
        await QuitAsync();
        return new SubmissionResult(verdict, _stage) { Reply = reply, AnsweredAfterLastLine = true };
    }

    /// <summary>The result when the connection broke, by how far it had come.</summary>
    public SubmissionResult Broken(string reason)
    {
        // Once the last line is out nobody but the server knows. A bad certificate is no accident of the moment.
        var verdict = _lastLineSent ? SubmissionVerdict.Lost : _untrusted ? SubmissionVerdict.Misconfigured : SubmissionVerdict.Transient;
        return Ended(verdict, reason);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        _socket.Dispose();
    }

    private async Task StartTlsAsync(CancellationToken ct)
    {
        _stage = SubmissionStage.Tls;
        var tls = new SslStream(_stream!);
        _stream = tls;
        using var limit = Limit(ct);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = smtp.Host,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                _untrusted = !trust.IsTrusted(certificate, chain, errors);
                return !_untrusted;
            },
        }, limit.Token);
        // RFC 3207 §6: a new wire, so that nothing sent in the clear is read as if it had come through TLS (CVE-2011-0411).
        _wire = new SmtpWire(tls, smtp.Timeout);
    }

    private async Task<SubmissionResult?> GreetAsync(CancellationToken ct)
    {
        _stage = SubmissionStage.Greeting;
        return await _wire.ReplyAsync(ct) is { Code: not 220 } refused ? Refused(refused) : null;
    }

    private async Task<SubmissionResult?> HelloAsync(CancellationToken ct)
    {
        _stage = SubmissionStage.Greeting;
        var reply = await _wire.CommandAsync($"EHLO {AddressLiteral()}", ct);
        _offered = new SmtpCapabilities(reply);
        return reply.Code == 250 ? null : Refused(reply);
    }

    // RFC 5321 §4.1.3: a client that may have no name in DNS says its address.
    private string AddressLiteral()
    {
        var address = ((IPEndPoint)_socket.LocalEndPoint!).Address;
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        // Built anew without the scope, which means nothing to others.
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[IPv6:{new IPAddress(address.GetAddressBytes())}]"
            : $"[{address}]";
    }

    // RFC 4616 §2; some servers want the response only when they have asked (334).
    private async Task<SubmissionResult?> PlainAsync(CancellationToken ct)
    {
        var response = Base64($"\0{smtp.User}\0{smtp.Pass}");
        var reply = await _wire.CommandAsync($"AUTH PLAIN {response}", ct);
        if (reply.Code == 334)
        {
            reply = await _wire.CommandAsync(response, ct);
        }

        return reply.Code == 235 ? null : Refused(reply);
    }

    // draft-murchison-sasl-login: asks for user and password, one after the other.
    private async Task<SubmissionResult?> LoginAsync(CancellationToken ct)
    {
        var reply = await _wire.CommandAsync("AUTH LOGIN", ct);
        if (reply.Code == 334)
        {
            reply = await _wire.CommandAsync(Base64(smtp.User!), ct);
        }

        if (reply.Code == 334)
        {
            reply = await _wire.CommandAsync(Base64(smtp.Pass!), ct);
        }

        return reply.Code == 235 ? null : Refused(reply);
    }

    // The mail is settled; whether the farewell arrives changes nothing.
    private async Task QuitAsync()
    {
        try
        {
            await _wire.WriteAsync("QUIT\r\n"u8.ToArray(), CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The server was faster in hanging up.
        }
    }

    private SubmissionResult Refused(SmtpReply reply) => new(ReplyClass.Of(_stage, reply), _stage) { Reply = reply };

    private SubmissionResult Ended(SubmissionVerdict verdict, string reason) => new(verdict, _stage) { Reason = reason };

    private CancellationTokenSource Limit(CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(smtp.Timeout);
        return limit;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
