using AccessTokens;
using Oidc;

namespace IdentityProvider;

/// <summary>What goes on after a sign-in: <c>refresh</c>, <c>me</c>, <c>session</c>, <c>logout</c>.</summary>
public sealed class SessionCalls(ApiCallers callers, CallerStore store, FirstParty firstParty, TokenIssuer issuer, ISessionStore sessions, BrowserSessions browser, ApiRefresh refreshing)
{
    private const string MembersScope = "members";

    // The seed's 24 hours.
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(24);

    internal async Task<IResult> RefreshAsync(HttpContext context, RequestFields fields)
    {
        var token = fields.Required("refreshToken");
        return fields.Refusal is { } invalid ? invalid : await refreshing.RefreshAsync(context, token);
    }

    internal async Task<IResult> MeAsync(HttpContext context)
    {
        var (caller, refusal) = await callers.FindAsync(context);
        return caller is null ? refusal! : new ApiAnswer<UserAnswer>(UserAnswer.Of(caller.Person), ApiJson.Default.UserAnswer);
    }

    /// <summary>A token for the members API and nothing else, which no refresh follows: it ends with the session at the latest.</summary>
    internal async Task<IResult> TokenAsync(HttpContext context)
    {
        var (caller, refusal) = await callers.FindAsync(context);
        if (caller is null)
        {
            return refusal!;
        }

        var request = firstParty.Request(context, MembersScope);
        var left = caller.SessionEndsAt - request.Now;
        if (left < TimeSpan.FromSeconds(1))
        {
            return ApiError.ForStatus(StatusCodes.Status401Unauthorized);
        }

        var lifetime = left < TokenLifetime ? left : TokenLifetime;
        var session = caller.Session;
        var grant = new Grant
        {
            Id = Guid.CreateVersion7(request.Now),
            ClientId = request.Client.Id,
            Subject = session.Subject,
            SessionId = session.Id,
            Scopes = [MembersScope],
            Resources = [.. request.Resources.Select(resource => resource.Uri)],
            AuthenticatedAt = session.AuthenticatedAt,
            Acr = session.Acr,
            Amr = session.Amr,
        };
        var kept = await store.KeepGrantAsync(grant, request.Now, request.Now + lifetime, context.RequestAborted);
        var approval = new GrantApproval
        {
            Scopes = kept.Scopes,
            Subject = new ApprovedSubject(kept, caller.Person.Snapshot, SessionEnded: false),
            Lifetime = lifetime,
            WithIdToken = false,
        };
        return await issuer.IssueAsync(request, approval, context.RequestAborted) is IssueOutcome.Issued issued
            ? new ApiAnswer<SessionTokenAnswer>(new SessionTokenAnswer(issued.Response.AccessToken, issued.Response.ExpiresIn), ApiJson.Default.SessionTokenAnswer)
            : ApiError.ForStatus(StatusCodes.Status401Unauthorized);
    }

    /// <summary>Ends the session of the token and that of the cookie, should they be two, with everything granted in them.</summary>
    internal async Task<IResult> LogOutAsync(HttpContext context)
    {
        var (caller, refusal) = await callers.FindAsync(context);
        if (caller is null)
        {
            return refusal!;
        }

        var byCookie = context.Request.Headers.Authorization.Count == 0;
        var ofCookie = byCookie ? caller : await callers.FindCookieAsync(context);
        var now = firstParty.Request(context).Now;
        await sessions.EndAsync(caller.Session.Id, now, CancellationToken.None);
        if (ofCookie is not null)
        {
            if (ofCookie.Session.Id != caller.Session.Id)
            {
                await sessions.EndAsync(ofCookie.Session.Id, now, CancellationToken.None);
            }

            browser.Forget(context);
        }

        return NoContent.Answer;
    }
}

/// <summary>Refresh for the JSON API: the grant and the issuer of the token endpoint, in the JSON API's shape.</summary>
public sealed class ApiRefresh(IEnumerable<IGrant> grants, FirstParty firstParty, TokenIssuer issuer, ApiSignIn signIn)
{
    private readonly RefreshTokenGrant _grant = grants.OfType<RefreshTokenGrant>().Single();

    internal async Task<IResult> RefreshAsync(HttpContext context, string token)
    {
        var request = firstParty.Request(context, parameters: [KeyValuePair.Create("refresh_token", token)]);
        var decision = await _grant.DecideAsync(request, context.RequestAborted);
        var approval = (decision as GrantOutcome.Approved)?.Approval;
        var outcome = decision is GrantOutcome.Refused refused ? new IssueOutcome.Refused(refused.Error) : await issuer.IssueAsync(request, approval! with { WithIdToken = false }, context.RequestAborted);
        signIn.Record(context, request, _grant.Type, approval?.Subject?.Grant, outcome);
        return outcome is IssueOutcome.Issued issued
            ? new ApiAnswer<RefreshedAnswer>(new RefreshedAnswer(issued.Response.AccessToken, issued.Response.RefreshToken, issued.Response.ExpiresIn), ApiJson.Default.RefreshedAnswer)
            : ApiErrors.RefreshInvalid;
    }
}
