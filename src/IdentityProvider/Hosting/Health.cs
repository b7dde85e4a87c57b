using Npgsql;

namespace IdentityProvider;

/// <summary>Whether this node is alive, and whether it should get requests.</summary>
internal sealed class Health(NpgsqlDataSource database, SigningKeyRing keys, ConfigurationSnapshot configuration)
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health", Live);
        endpoints.MapGet("/health/live", Live);
        endpoints.MapGet("/health/ready", context => context.RequestServices.GetRequiredService<Health>().ReadyAsync(context));
    }

    // Says only that the process answers: a supervisor that restarted it for an absent PostgreSQL would make things worse.
    private static Task Live(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, "alive");

    private async Task ReadyAsync(HttpContext context)
    {
        var missing = !keys.Loaded ? "keys" : !configuration.Loaded ? "configuration" : !await AnswersAsync(context.RequestAborted) ? "database" : null;
        await (missing is null ? WriteAsync(context, StatusCodes.Status200OK, "ready") : WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "waiting for " + missing));
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellation);
            return true;
        }
        catch (Exception e) when (StoreFailure.IsOutage(e))
        {
            return false;
        }
    }

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
