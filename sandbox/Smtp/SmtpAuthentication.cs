using System.Security.Cryptography;
using System.Text;

namespace Sandbox;

/// <summary>AUTH PLAIN (RFC 4616) and AUTH LOGIN (draft-murchison-sasl-login): the exchange, and the one account it is judged by.</summary>
public sealed class SmtpAuthentication(SmtpConnection connection, SmtpSettings settings)
{
    private const int LongestLine = 12288; // RFC 4954 §4

    /// <summary>Leads the exchange to its end.</summary>
    /// <returns>What is to be answered, or null at the end of the stream.</returns>
    public async Task<SmtpReply?> ExchangeAsync(string mechanism, string? initialResponse, CancellationToken cancellationToken) =>
        mechanism switch
        {
            "PLAIN" => await PlainAsync(initialResponse, cancellationToken),
            "LOGIN" => await LoginAsync(initialResponse, cancellationToken),
            _ => SmtpReply.UnknownMechanism,
        };

    private async Task<SmtpReply?> PlainAsync(string? initialResponse, CancellationToken cancellationToken)
    {
        var response = initialResponse ?? await ChallengeAsync("", cancellationToken);
        if (response is null)
        {
            return null;
        }

        if (!TryDecode(response, out var message, out var refusal))
        {
            return refusal;
        }

        // RFC 4616 §2: [authzid] NUL authcid NUL passwd
        var parts = message.Split('\0');
        if (parts.Length != 3)
        {
            return SmtpReply.BadArguments;
        }

        return Judge(parts[1], parts[2], authorizeAs: parts[0]);
    }

    private async Task<SmtpReply?> LoginAsync(string? initialResponse, CancellationToken cancellationToken)
    {
        var user = initialResponse ?? await ChallengeAsync("Username:", cancellationToken);
        if (user is null)
        {
            return null;
        }

        if (!TryDecode(user, out var userName, out var refusal))
        {
            return refusal;
        }

        var secret = await ChallengeAsync("Password:", cancellationToken);
        if (secret is null)
        {
            return null;
        }

        return TryDecode(secret, out var password, out refusal) ? Judge(userName, password, authorizeAs: "") : refusal;
    }

    private async Task<string?> ChallengeAsync(string challenge, CancellationToken cancellationToken)
    {
        await connection.WriteAsync(new SmtpReply(334, Convert.ToBase64String(Encoding.ASCII.GetBytes(challenge))), cancellationToken);
        return (await connection.ReadLineAsync(LongestLine, cancellationToken))?.Text;
    }

    private static bool TryDecode(string response, out string text, out SmtpReply refusal)
    {
        text = "";
        refusal = SmtpReply.AuthenticationCancelled;
        if (response == "*")
        {
            return false;
        }

        refusal = SmtpReply.BadBase64;
        if (response == "=") // RFC 4954 §4: an initial response that is empty
        {
            return true;
        }

        var bytes = new byte[response.Length];
        if (!Convert.TryFromBase64String(response, bytes, out var length))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }

    private SmtpReply Judge(string user, string password, string authorizeAs)
    {
        var right = Same(user, settings.User) & Same(password, settings.Password) & (authorizeAs.Length == 0 || authorizeAs == user);
        return right ? SmtpReply.Authenticated : SmtpReply.BadCredentials;
    }

    private static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(one)), SHA256.HashData(Encoding.UTF8.GetBytes(other)));
}
