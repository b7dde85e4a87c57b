// RFC 6749 §3.1 and OpenID Connect Core §3.1.2.1: the authorization endpoint.
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Oidc;

/// <summary>Takes authorization requests by GET and POST, and takes them up again when the person comes back from a page.</summary>
public sealed class AuthorizeEndpoint(AuthorizeProcess process, IBrowserInteraction browser, ILogger<AuthorizeEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        // Core §3.1.2.1: both methods, parameters in the query or in the form.
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await RunAsync(context, OAuthEndpoint.ReadQuery(context), answers: null);
        }
        else if (HttpMethods.IsPost(context.Request.Method))
        {
            await RunAsync(context, await OAuthEndpoint.ReadFormAsync(context), answers: null);
        }
        else
        {
            await OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET, POST");
        }
    }

    /// <summary>The person is back from a page. The request comes from where the host kept it, and is judged from the start again.</summary>
    public async Task HandleContinueAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET");
            return;
        }

        if (OAuthEndpoint.ReadQuery(context).Error is { } malformed)
        {
            await browser.ShowErrorAsync(context, malformed, client: null);
            return;
        }

        if (await browser.ResumeAsync(context) is not { } resumed)
        {
            await browser.ShowLostAsync(context);
            return;
        }

        await RunAsync(context, new ParametersOutcome(resumed.Parameters, null), resumed.Answers, isResumed: true);
    }

    private async Task RunAsync(HttpContext context, ParametersOutcome read, Answers? answers, bool isResumed = false)
    {
        var visitor = await browser.FindVisitorAsync(context, read.Parameters["client_id"]);
        switch (await process.RunAsync(read, visitor, answers, context.RequestAborted))
        {
            case AuthorizeOutcome.Respond respond:
                if (isResumed)
                {
                    await browser.FinishAsync(context);
                }

                await AuthorizeResponseEndpoint.WriteAsync(context, respond);
                break;
            case AuthorizeOutcome.Ask ask:
                await browser.AskAsync(context, ask.Request, ask.Question);
                break;
            case AuthorizeOutcome.Show show:
                Log.AuthorizeRefused(log, show.Client?.Id, show.Error.Code, show.Error.Detail);
                await browser.ShowErrorAsync(context, show.Error, show.Client, read.Parameters["ui_locales"]);
                break;
        }
    }
}
