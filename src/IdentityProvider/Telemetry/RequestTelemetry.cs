using System.Collections.Frozen;
using System.Diagnostics;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// One measurement and one span a request, first in the pipeline. Of the address only the route it matched is told: no path, no query, no
/// host, so that no code, hint or handle can leave this way.
/// </summary>
internal sealed class RequestTelemetry(RequestDelegate next, FrozenSet<string> engineRoutes)
{
    private const string MethodTag = "http.request.method", RouteTag = "http.route", StatusTag = "http.response.status_code";

    private static readonly FrozenSet<string> Methods = new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH" }.ToFrozenSet(StringComparer.Ordinal);

    // Boxed once.
    private static readonly object[] Statuses = [.. Enumerable.Range(0, 600).Select(status => (object)status)];

    public Task InvokeAsync(HttpContext context) =>
        Instruments.RequestDuration.Enabled || Instruments.Activities.HasListeners() ? MeasureAsync(context) : next(context);

    private async Task MeasureAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var method = Methods.TryGetValue(context.Request.Method, out var known) ? known : Instruments.Other;
        // The server's own activity is sent to nobody: as a parent it would leave a gap, and nothing beneath it would be sampled.
        Activity.Current = null;
        using var activity = Instruments.Activities.StartActivity(method, ActivityKind.Server, ParentOf(context.Request));
        try
        {
            await next(context);
        }
        finally
        {
            var route = RouteOf(context);
            var status = context.Response.StatusCode is var code and >= 100 and < 600 ? Statuses[code] : 0;
            Instruments.RequestDuration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds,
                new KeyValuePair<string, object?>(MethodTag, method), new KeyValuePair<string, object?>(RouteTag, route), new KeyValuePair<string, object?>(StatusTag, status));
            if (activity is not null)
            {
                Describe(activity, context, method, route, status);
            }
        }
    }

    private static void Describe(Activity activity, HttpContext context, string method, string route, object status)
    {
        activity.DisplayName = $"{method} {route}";
        activity.SetTag(MethodTag, method).SetTag(RouteTag, route).SetTag(StatusTag, status);
        // Well-formed by then: RequestIds replaces what is not.
        activity.SetTag("identity.request_id", context.TraceIdentifier);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            activity.SetStatus(ActivityStatusCode.Error);
        }
    }

    private string RouteOf(HttpContext context) =>
        engineRoutes.TryGetValue(context.Request.Path.Value ?? "", out var route) ? route
        : (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } pattern ? pattern
        : context.Request.Path.StartsWithSegments("/assets") ? "/assets/{file}"
        : Instruments.Other;

    // W3C Trace Context: the caller's span; anything malformed begins a trace of its own.
    private static ActivityContext ParentOf(HttpRequest request) =>
        request.Headers.TraceParent is [{ } parent] && ActivityContext.TryParse(parent, traceState: null, isRemote: true, out var context) ? context : default;
}

/// <summary>How the host puts it into its pipeline.</summary>
internal static class RequestTelemetryRegistration
{
    public static void UseRequestTelemetry(this IApplicationBuilder app) => app.Use(next =>
    {
        // Built from the back of the pipeline to its front: the engine has named its routes by the time this runs.
        var routes = (string[])app.Properties[Endpoints.RoutesProperty]!;
        return new RequestTelemetry(next, routes.ToFrozenSet(StringComparer.Ordinal)).InvokeAsync;
    });
}
