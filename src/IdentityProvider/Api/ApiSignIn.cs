using Oidc;

namespace IdentityProvider;

/// <summary>From a proof to the answer every sign-in call gives: tokens from the issuer, and in a browser of ours the session's cookie as well.</summary>
public sealed class ApiSignIn(SignInDoor door, TokenIssuer issuer, FirstParty firstParty, ApiOrigins origins, BrowserSessions sessions, KnownDevices devices, IIssuanceAudit audit)
{
    private const string Surface = "json";

    /// <param name="method">One value of <c>amr</c> (RFC 8176).</param>
    internal async Task<IResult> AdmitAsync(HttpContext context, Guid personId, string method, int status = StatusCodes.Status200OK)
    {
        var inBrowser = origins.IsOwn(context);
        var secret = BrowserSessions.NewSecret();
        var signIn = new SignIn(personId, Surface, method)
        {
            DeviceLabel = DeviceLabel.Of(context.Request.Headers.UserAgent),
            Address = context.Connection.RemoteIpAddress?.ToString(),
            SecretHash = inBrowser ? Handle.Hash(secret) : null,
            Previous = inBrowser ? sessions.Carried(context) : null,
        };
        SignedInPerson? written = null;
        var request = firstParty.Request(context);
        var approval = door.Approve(signIn, request, FirstParty.Scopes, seen => written = seen) with { WithIdToken = false };
        var outcome = await issuer.IssueAsync(request, approval, context.RequestAborted);
        Record(context, request, "urn:identity:surface:json", written?.Grant, outcome);
        if (outcome is not IssueOutcome.Issued issued)
        {
            // Disabled or deleted since the proof was judged: not told from a wrong one.
            return ApiErrors.InvalidCredentials;
        }

        if (inBrowser)
        {
            sessions.Keep(context, secret, remember: true);
            devices.Remember(context, personId);
        }

        var tokens = issued.Response;
        return new ApiAnswer<SignedInAnswer>(
            new SignedInAnswer(tokens.AccessToken, tokens.RefreshToken, tokens.ExpiresIn, UserAnswer.Of(written!.Person)), ApiJson.Default.SignedInAnswer, status);
    }

    internal void Record(HttpContext context, TokenRequest request, string by, Grant? grant, IssueOutcome outcome)
    {
        var (scope, error) = outcome switch
        {
            IssueOutcome.Issued issued => (issued.Response.Scope, null),
            IssueOutcome.Refused refused => (null, refused.Error.Code),
            _ => ((string?)null, (string?)null),
        };
        audit.Record(new Issuance(request.Now, request.Client.Id, by, grant, scope, error, context.TraceIdentifier) { Address = context.Connection.RemoteIpAddress });
    }
}
