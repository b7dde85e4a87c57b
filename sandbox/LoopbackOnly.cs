namespace Sandbox;

/// <summary>
/// The sandbox asks for no password, so it must be sure to be spoken to by programs and pages of this machine. Listening on loopback
/// keeps other machines out; this keeps out web pages of strangers in a browser of this machine: the host name must be a loopback name
/// (against DNS rebinding), and whatever changes something must not come from a foreign origin.
/// </summary>
public sealed class LoopbackOnly(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsLoopback(request.Host) || (request.Path.StartsWithSegments("/control") && IsForeign(request)))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync("The sandbox answers only this machine.\n", context.RequestAborted);
        }

        return next(context);
    }

    private static bool IsLoopback(HostString host) =>
        Uri.TryCreate($"http://{host.Value}", UriKind.Absolute, out var address) && address.IsLoopback;

    // RFC 6454 §7: only browsers send Origin; command lines and tests send none.
    private static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin is [var origin, ..] && origin != $"{request.Scheme}://{request.Host.Value}";
}
