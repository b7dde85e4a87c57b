using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AccessTokens;

/// <summary>
/// One name for a request through all services: the caller's <c>X-Request-Id</c> when it is well-formed, else a fresh one. It becomes the
/// trace identifier, stands on every line that is logged, and is answered in the same header.
/// </summary>
internal sealed class RequestIds(RequestDelegate next, ILogger<RequestIds> logger)
{
    public const string HeaderName = "X-Request-Id";

    private const int MaxLength = 128;

    // Nothing that could end a line or a field of a log.
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    // The server's own scope has kept the identifier it had when the request began.
    private static readonly Func<ILogger, string, IDisposable?> Scope = LoggerMessage.DefineScope<string>("RequestId:{RequestId}");

    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[HeaderName];
        context.TraceIdentifier = given is [{ } id] && IsWellFormed(id) ? id : RandomNumberGenerator.GetHexString(32, lowercase: true);

        // At the last moment, since a page for errors begins by clearing the headers.
        context.Response.OnStarting(static state =>
        {
            var answered = (HttpContext)state;
            answered.Response.Headers[HeaderName] = answered.TraceIdentifier;
            return Task.CompletedTask;
        }, context);

        using (Scope(logger, context.TraceIdentifier))
        {
            await next(context);
        }
    }

    private static bool IsWellFormed(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);
}

/// <summary>Sends the request's id on with every outbound call that the request causes.</summary>
internal sealed class RequestIdForwarder(IHttpContextAccessor current) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (current.HttpContext is { } context && !request.Headers.Contains(RequestIds.HeaderName))
        {
            request.Headers.Add(RequestIds.HeaderName, context.TraceIdentifier);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
