using System.Net;
using Accounts;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// <c>POST /connect/otp</c>: an authenticated client that registered the grant asks for a code to an address. The answer is the same whether or not
/// anybody has the address.
/// </summary>
public sealed class OtpEndpoint(ClientEndpoint clients, OneTimeCodes codes)
{
    public const string Path = "/connect/otp";

    public async Task HandleAsync(HttpContext context)
    {
        var (request, error, _) = await clients.AuthenticateAsync(context);
        var (sent, refusal) = request is null ? (null, error) : await SendAsync(request);
        if (sent is null)
        {
            await OAuthEndpoint.WriteErrorAsync(context, refusal!);
            return;
        }

        OAuthEndpoint.NeverCache(context.Response);
        await OAuthEndpoint.WriteJsonAsync(context, StatusCodes.Status200OK, (Sent: sent, request!.Now), static (writer, answer) =>
        {
            writer.WriteStartObject();
            writer.WriteString("challenge_id"u8, answer.Sent.Challenge);
            writer.WriteNumber("expires_in"u8, Seconds(answer.Sent.ExpiresAt - answer.Now));
            writer.WriteNumber("interval"u8, Seconds(answer.Sent.ResendAt - answer.Now));
            writer.WriteEndObject();
        });
    }

    private async Task<(SendOutcome.Sent? Sent, OAuthError? Refusal)> SendAsync(ClientRequest request)
    {
        var (client, parameters, _, now) = request;
        if (!client.GrantTypes.Contains(OtpGrant.Name))
        {
            return (null, OAuthError.UnauthorizedClient($"client {client.Id} is not registered for {OtpGrant.Name}"));
        }

        if (parameters["email"] is not { } email)
        {
            return (null, OAuthError.InvalidRequest("The parameter email is missing."));
        }

        var language = Language.FromLocales(parameters["ui_locales"]) ?? Language.English;
        var asked = new CodeRequest(
            email, CodePurpose.SignIn, Surface.Grant, OtpGrant.BoundTo(client), request.Sender.Address ?? IPAddress.Loopback, language, KnownDevice: false)
        {
            RequesterHint = client.Name,
        };
        return await StoreFailure.ToldAsync(codes.SendAsync(asked, CancellationToken.None)) switch
        {
            SendOutcome.Sent sent => (sent, null),
            SendOutcome.Limited limited => (null, OAuthError.SlowDown("too many codes were asked for", limited.RetryAt - now)),
            _ => (null, OAuthError.InvalidRequest("The parameter email is not an e-mail address.")),
        };
    }

    private static int Seconds(TimeSpan time) => Math.Max(0, (int)Math.Ceiling(time.TotalSeconds));
}
