// RFC 6749 §3.1 and OpenID Connect Core §3.1.2.1: the authorization endpoint.
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>Takes authorization requests by GET and POST, and takes them up again after the person signed in.</summary>
public sealed class AuthorizeEndpoint(AuthorizeProcess process, IBrowserInteraction browser, ILogger<AuthorizeEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        // Core §3.1.2.1: both methods, parameters in the query or in the form.
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await RunAsync(context, OAuthEndpoint.ReadQuery(context), startedAt: null);
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            await RunAsync(context, await OAuthEndpoint.ReadFormAsync(context), startedAt: null);
        }
        else
        {
            await OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET, POST");
        }
    }

    /// <summary>The person is back from signing in. The request comes from where the host kept it, and is judged from the start again.</summary>
    public async Task HandleContinueAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET");
            return;
        }

        if (await browser.ResumeAsync(context) is not { } resumed)
        {
            await browser.ShowErrorAsync(context, OAuthError.BadClientOrRedirect("This sign-in was started in another browser or waited too long. Go back to the application and sign in again."), client: null);
            return;
        }

        await RunAsync(context, new ParametersOutcome(resumed.Parameters, null), resumed.StartedAt);
    }

    private async Task RunAsync(HttpContext context, ParametersOutcome read, DateTimeOffset? startedAt)
    {
        var session = await browser.FindSessionAsync(context);
        switch (await process.RunAsync(read, session, startedAt, context.RequestAborted))
        {
            case AuthorizeOutcome.Respond respond:
                await AuthorizeResponseEndpoint.WriteAsync(context, respond);
                break;
            case AuthorizeOutcome.SignIn signIn:
                await browser.SignInAsync(context, signIn.Request);
                break;
            case AuthorizeOutcome.Show show:
                Log.AuthorizeRefused(log, show.Client?.Id, show.Error.Code, show.Error.Detail);
                await browser.ShowErrorAsync(context, show.Error, show.Client);
                break;
        }
    }
}
