// OpenID Connect RP-Initiated Logout 1.0 §2: the end-session endpoint.
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>Signs the person out at once when the client proves by a hint that it means this session; otherwise the person is asked.</summary>
public sealed class LogoutEndpoint(
    OidcOptions options, LogoutReader reader, ISessionStore sessions, IConfigurationSource configuration, IBrowserInteraction browser, TimeProvider time, ILogger<LogoutEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        // §2: GET and POST.
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsPost(context.Request.Method))
        {
            await OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET, POST");
            return;
        }

        var read = HttpMethods.IsGet(context.Request.Method) ? OAuthEndpoint.ReadQuery(context) : await OAuthEndpoint.ReadFormAsync(context);
        if (read.Error is { Status: StatusCodes.Status413PayloadTooLarge } tooLarge)
        {
            await browser.ShowErrorAsync(context, tooLarge, client: null);
            return;
        }

        var request = reader.Read(read);
        if (request.Problem is { } problem)
        {
            Log.LogoutNotRedirected(log, request.Client?.Id, problem.Text);
        }

        var session = await browser.FindSessionAsync(context);
        if (await MustAskAsync(context, request, session))
        {
            await browser.ConfirmLogoutAsync(context, request);
            return;
        }

        await SignOutAsync(context, request, session?.Id ?? request.HintedSession);
    }

    /// <summary>Ends the session and sends the person where they belong. The host's confirmation page calls it too.</summary>
    public async Task SignOutAsync(HttpContext context, LogoutRequest request, string? sessionId)
    {
        // Not the request's own token: whoever closes the window after pressing the button means it.
        var parties = sessionId is null ? [] : await sessions.EndAsync(sessionId, time.GetUtcNow(), CancellationToken.None);
        await browser.ForgetSessionAsync(context);

        // Front-Channel Logout §3: the browser first tells the clients, then goes on.
        var signedOut = FrontChannelLogout.After(parties, configuration.Current, options.Issuer);
        if (signedOut.IsQuiet && request.Location is { } location)
        {
            OAuthEndpoint.SeeOther(context, location);
            return;
        }

        await browser.ShowSignedOutAsync(context, request, signedOut);
    }

    // §2 and OWASP ASVS 10.6.2: without proof, or with proof for another session, the person decides. Otherwise any site could sign people out.
    private async Task<bool> MustAskAsync(HttpContext context, LogoutRequest request, Session? session)
    {
        if (session is null)
        {
            // RFC 6265bis §5.6.7.1: a form that another site posts brings no cookie, so that nobody seems to be signed in here.
            return HttpMethods.IsPost(context.Request.Method) && request.HintedSession is null;
        }

        return request.HintedSession is not { } hinted
            || (!string.Equals(session.Id, hinted, StringComparison.Ordinal) && !await sessions.IsReplacedAsync(hinted, session.Id, context.RequestAborted));
    }

    /// <summary>Reads the parameters a confirmation page posted back.</summary>
    public LogoutRequest Read(Parameters parameters) => reader.Read(new ParametersOutcome(parameters, null));
}
