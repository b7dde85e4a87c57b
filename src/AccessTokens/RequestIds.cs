using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AccessTokens;

/// <summary>
/// One name for a request through all services: the caller's <c>X-Request-Id</c> when it is well-formed, else a fresh one. It becomes the
/// trace identifier and is answered in the same header.
/// </summary>
internal sealed class RequestIds(RequestDelegate next)
{
    public const string HeaderName = "X-Request-Id";

    private const int MaxLength = 128;

    // Nothing that could end a line or a field of a log.
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    // A name is unique, not secret: this process by 64 random bits, the request within it by a counter.
    private static readonly string Process = RandomNumberGenerator.GetHexString(16, lowercase: true);

    private static long _count;

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[HeaderName];
        var id = given is [{ } wellFormed] && IsWellFormed(wellFormed) ? wellFormed : Next();
        context.TraceIdentifier = id;
        context.Response.Headers[HeaderName] = id;
        return next(context);
    }

    private static string Next() => string.Create(32, Interlocked.Increment(ref _count), static (id, count) =>
    {
        Process.CopyTo(id);
        count.TryFormat(id[16..], out _, "x16", CultureInfo.InvariantCulture);
    });

    private static bool IsWellFormed(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Allowed);
}

/// <summary>Prints the request's id on every line that is logged while it is served.</summary>
internal sealed class RequestLogScope(RequestDelegate next, ILogger<RequestLogScope> logger)
{
    // The server's own scope has kept the identifier it had when the request began.
    private static readonly Func<ILogger, string, IDisposable?> Scope = LoggerMessage.DefineScope<string>("RequestId:{RequestId}");

    public async Task InvokeAsync(HttpContext context)
    {
        using (Scope(logger, context.TraceIdentifier))
        {
            await next(context);
        }
    }
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
