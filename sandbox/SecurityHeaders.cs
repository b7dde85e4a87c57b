namespace Sandbox;

/// <summary>
/// Headers of every answer. What arrives here is hostile by design (mails, callback parameters), so nothing inline ever runs.
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors ";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;

        // The provider loads this one in a frame (Front-Channel Logout 1.0 §3), from another port of this machine.
        headers.ContentSecurityPolicy = Policy + (context.Request.Path == "/frontchannel-logout" ? "http://localhost:*" : "'none'");
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer"; // codes stand in the callback's query
        headers.CacheControl = "no-store";
        return next(context);
    }
}
