using AccessTokens;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Primitives;
using Oidc;

namespace IdentityProvider;

/// <summary>What a page was sent, read as strictly as the protocol's own endpoints read: nothing doubled, cut or guessed.</summary>
public sealed record PageInput(Parameters Query, Parameters Form)
{
    /// <summary>What the guard read of this request.</summary>
    public static PageInput In(HttpContext context) => context.Features.Get<PageInput>() ?? throw new InvalidOperationException("A page is asked for past its guard.");
}

/// <summary>
/// Stands before every page: reads its input once and strictly, and turns what goes wrong anywhere behind it into a page that says what to do.
/// </summary>
public sealed class PageGuard(BrowserCookies cookies, TimeProvider time, ILogger<PageGuard> log)
{
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (IsPage(context))
            {
                await HandlePageAsync(context, next);
            }
            else
            {
                await HandleOtherAsync(context, next);
            }
        }
        catch (StoreUnavailableException exception) when (!context.Response.HasStarted)
        {
            PagesLog.StoreUnavailable(log, exception, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable);
        }
        catch (Exception exception) when (!context.Response.HasStarted && IsDatabaseAway(exception))
        {
            PagesLog.StoreUnavailable(log, exception, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted && exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await AnswerAsync(context, StatusCodes.Status413PayloadTooLarge);
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            PagesLog.Unexpected(log, exception, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError);
        }
    }

    private async Task HandlePageAsync(HttpContext context, RequestDelegate next)
    {
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (!isPost && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD, POST";
            await ShowAsync(context, () => ErrorScreen.BadInput(context, OAuthError.MethodNotAllowed()));
            return;
        }

        var query = OAuthEndpoint.ReadQuery(context);
        var form = isPost && query.Error is null ? await OAuthEndpoint.ReadFormAsync(context) : new ParametersOutcome(Parameters.Empty, null);
        if ((query.Error ?? form.Error) is { } error)
        {
            await ShowAsync(context, () => ErrorScreen.BadInput(context, error));
            return;
        }

        context.Features.Set(new PageInput(query.Parameters, form.Parameters));
        if (isPost)
        {
            // The body is read; antiforgery looks for its token here. Of some names there may be several (RFC 8707 §2).
            var fields = form.Parameters.Items.GroupBy(item => item.Key, item => item.Value, StringComparer.Ordinal)
                .ToDictionary(values => values.Key, values => new StringValues([.. values]), StringComparer.Ordinal);
            context.Features.Set<IFormFeature>(new FormFeature(new FormCollection(fields)));
        }

        await next(context);
    }

    // Whatever nobody explained: no such address, no such method.
    private async Task HandleOtherAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
        {
            await AnswerAsync(context, context.Response.StatusCode);
        }
    }

    // A page for people; for programs, which ask for no page at addresses that are none, the shape of all our JSON errors.
    private Task AnswerAsync(HttpContext context, int status) => !IsPage(context) && !WantsPage(context.Request)
        ? ApiError.ForStatus(status).ExecuteAsync(context)
        : ShowAsync(context, () => status switch
        {
            StatusCodes.Status503ServiceUnavailable => ErrorScreen.Unavailable(context),
            StatusCodes.Status413PayloadTooLarge => ErrorScreen.BadInput(context, OAuthError.RequestTooLarge()),
            StatusCodes.Status404NotFound => ErrorScreen.NotFound(context),
            StatusCodes.Status405MethodNotAllowed => ErrorScreen.BadInput(context, OAuthError.MethodNotAllowed()),
            >= 500 => ErrorScreen.Failed(context),
            _ => ErrorScreen.BadInput(context, OAuthError.UnreadableBody(status)),
        });

    private Task ShowAsync(HttpContext context, Func<ViewResult> screen)
    {
        PageHeaders.Write(context, destination: null);
        if (context.Features.Get<Look>() is null)
        {
            Look.Of(context, cookies, time.GetUtcNow(), interaction: null);
        }

        return Screens.WriteAsync(context, screen());
    }

    private static bool IsPage(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null;

    private static bool WantsPage(HttpRequest request) => !request.Path.StartsWithSegments(JsonApi.Path) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    // Rooms that do not know the engine let the driver's own exception through, some of them wrapped.
    internal static bool IsDatabaseAway(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is StoreUnavailableException || StoreFailure.IsOutage(cause))
            {
                return true;
            }
        }

        return false;
    }
}
