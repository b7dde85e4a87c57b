using System.Net;
using Accounts;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// The grant <c>urn:identity:grant-type:otp</c> (RFC 6749 §4.5): a code that was sent by <c>/connect/otp</c> for this client signs its person in. It decides
/// and nothing else; session, grant and tokens are the door's and the issuer's.
/// </summary>
public sealed class OtpGrant(OneTimeCodes codes, SignInDoor door) : IGrant
{
    public const string Name = "urn:identity:grant-type:otp";

    private const string SessionSurface = "grant";

    public string Type => Name;

    public async Task<GrantOutcome> DecideAsync(TokenRequest request, CancellationToken cancellation)
    {
        if (request.Parameters["challenge_id"] is not { } challenge)
        {
            return OAuthError.InvalidRequest("The parameter challenge_id is missing.");
        }

        if (request.Parameters["code"] is not { } code)
        {
            return OAuthError.InvalidRequest("The parameter code is missing.");
        }

        // RFC 6749 §3.3: no scope named means every scope the client holds. What is wrong with the request is told before the code is spent.
        var scopes = request.Scopes ?? [.. request.Client.Scopes.Order(StringComparer.Ordinal)];
        if (ScopeAndResource.CheckTargets(request.Resources, scopes) is { } targetError)
        {
            return targetError;
        }

        var attempt = new CodeAttempt(challenge, code, CodePurpose.SignIn, Surface.Grant, BoundTo(request.Client), request.Sender.Address ?? IPAddress.Loopback, KnownDevice: false);
        return await StoreFailure.ToldAsync(codes.VerifyAsync(attempt, CancellationToken.None)) switch
        {
            VerifyOutcome.Proven { PersonId: { } person, Enabled: true } => door.Approve(SignInOf(request, person), request, scopes),
            VerifyOutcome.Proven { PersonId: null } => OAuthError.InvalidGrant("nobody has this address"),
            VerifyOutcome.Proven => OAuthError.InvalidGrant("the person is disabled"),
            VerifyOutcome.Wrong wrong => OAuthError.InvalidGrant($"wrong code, {wrong.TriesLeft} tries left"),
            VerifyOutcome.Expired => OAuthError.InvalidGrant("the code has expired"),
            VerifyOutcome.Spent => OAuthError.InvalidGrant("too many wrong codes at this challenge"),
            VerifyOutcome.Limited limited => OAuthError.SlowDown("too many wrong codes at this address", limited.RetryAt - request.Now),
            _ => OAuthError.InvalidGrant("no such challenge for this client, or it was used"),
        };
    }

    /// <summary>What the challenges of a client are bound to: another client's are worth nothing here.</summary>
    internal static byte[] BoundTo(Client client) => System.Text.Encoding.ASCII.GetBytes("client " + client.Id);

    private static SignIn SignInOf(TokenRequest request, Guid person) => new(person, SessionSurface, Proof.Code)
    {
        DeviceLabel = DeviceLabel.Of(request.Sender.UserAgent),
        Address = request.Sender.Address?.ToString(),
    };
}
