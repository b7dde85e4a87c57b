using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>
/// Hands mails to the submission server (RFC 6409) on 465 with TLS from the first byte (RFC 8314 §3.3) or on 587 with STARTTLS (RFC 3207);
/// never without TLS, never to a certificate that is not good, and never without AUTH when there are credentials.
/// </summary>
internal sealed class SubmissionClient(IOptions<SmtpOptions> options)
{
    private readonly ServerTrust _trust = new(options.Value.TrustedCa);

    /// <summary>One try at one mail, on a connection of its own.</summary>
    /// <param name="mail">What to hand over.</param>
    /// <param name="mayHandOver">Asked when everything but the last line has gone out; on false the mail is not handed over.</param>
    /// <param name="ct">Cancels; a mail whose last line has not gone out is then not handed over.</param>
    public async Task<SubmissionResult> SubmitAsync(
        OutgoingMail mail, Func<CancellationToken, Task<bool>> mayHandOver, CancellationToken ct)
    {
        await using var conversation = new SmtpConversation(options.Value, _trust);
        try
        {
            return await conversation.ConnectAsync(ct)
                ?? await conversation.AuthenticateAsync(ct)
                ?? await conversation.NameRecipientAsync(mail, ct)
                ?? await conversation.HandOverAsync(mail, mayHandOver, ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return conversation.Broken("no answer in time");
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or InvalidDataException)
        {
            return conversation.Broken(e.Message);
        }
    }
}
