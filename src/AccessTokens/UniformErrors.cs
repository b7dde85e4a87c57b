using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AccessTokens;

/// <summary>
/// Gives every failure of a JSON API the shape of <see cref="ApiError"/>: what an endpoint throws, and what nobody answered.
/// </summary>
internal sealed class UniformErrors(RequestDelegate next, ILogger<UniformErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to read an answer.
            return;
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, refused.StatusCode);
            return;
        }
        catch (Exception failed) when (!context.Response.HasStarted)
        {
            Log.RequestFailed(logger, failed);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError);
            return;
        }

        var response = context.Response;
        if (response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
        {
            await ApiError.ForStatus(response.StatusCode).ExecuteAsync(context);
        }
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        // What the failed endpoint had prepared for its answer does not belong to this one; CORS and the request id do.
        context.Response.Headers.ETag = default;
        context.Response.Headers.ContentLength = null;
        return ApiError.ForStatus(status).ExecuteAsync(context);
    }
}
