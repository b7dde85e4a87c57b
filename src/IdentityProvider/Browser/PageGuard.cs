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
            if (context.GetEndpoint()?.Metadata.GetMetadata<PageActionDescriptor>() is not null)
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
            await ShowAsync(context, texts => ErrorScreen.Unavailable(context, texts));
        }
        catch (Exception exception) when (!context.Response.HasStarted && IsDatabaseAway(exception))
        {
            PagesLog.StoreUnavailable(log, exception, context.Request.Path);
            await ShowAsync(context, texts => ErrorScreen.Unavailable(context, texts));
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted && exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await ShowAsync(context, texts => ErrorScreen.BadInput(context, texts, OAuthError.RequestTooLarge()));
        }
        catch (Exception exception) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            PagesLog.Unexpected(log, exception, context.Request.Path);
            await ShowAsync(context, texts => ErrorScreen.Failed(context, texts));
        }
    }

    private async Task HandlePageAsync(HttpContext context, RequestDelegate next)
    {
        var isPost = HttpMethods.IsPost(context.Request.Method);
        if (!isPost && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD, POST";
            await ShowAsync(context, texts => ErrorScreen.BadInput(context, texts, OAuthError.MethodNotAllowed()));
            return;
        }

        var query = OAuthEndpoint.ReadQuery(context);
        var form = isPost && query.Error is null ? await OAuthEndpoint.ReadFormAsync(context) : new ParametersOutcome(Parameters.Empty, null);
        if ((query.Error ?? form.Error) is { } error)
        {
            await ShowAsync(context, texts => ErrorScreen.BadInput(context, texts, error));
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

    private async Task HandleOtherAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound } && WantsPage(context.Request))
        {
            await ShowAsync(context, texts => ErrorScreen.NotFound(context, texts));
        }
    }

    private Task ShowAsync(HttpContext context, Func<Texts, ViewResult> screen)
    {
        PageHeaders.Write(context, destination: null);
        var look = context.Features.Get<Look>() ?? Look.Of(context, cookies, time.GetUtcNow(), interaction: null);
        return Screens.WriteAsync(context, screen(look.Texts));
    }

    private static bool WantsPage(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    // Rooms that do not know the engine let the driver's own exception through, some of them wrapped.
    private static bool IsDatabaseAway(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (StoreFailure.IsOutage(cause))
            {
                return true;
            }
        }

        return false;
    }
}
