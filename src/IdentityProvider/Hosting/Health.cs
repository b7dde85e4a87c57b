using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Whether this node is alive, and whether it should get requests: <c>{"status": "ready" | "waiting" | "stopping", "database": …, "migrations": …,
/// "keys": …, "configuration": …}</c>, each <c>ok</c> or <c>missing</c>. Nothing of what is configured is told.
/// </summary>
internal sealed class Health(NpgsqlDataSource database, SigningKeyRing keys, ConfigurationSnapshot configuration, IHostApplicationLifetime lifetime)
{
    private const string Ok = "ok", Missing = "missing";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health", Live);
        endpoints.MapGet("/health/live", Live);
        endpoints.MapGet("/health/ready", context => context.RequestServices.GetRequiredService<Health>().ReadyAsync(context));
    }

    // Says only that the process answers: a supervisor that restarted it for an absent PostgreSQL would make things worse.
    private static Task Live(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, [("status", "live")]);

    private async Task ReadyAsync(HttpContext context)
    {
        var (answers, migrated) = await LookAsync(context.RequestAborted);
        (string Name, string Value)[] parts =
        [
            ("database", answers ? Ok : Missing),
            ("migrations", migrated ? Ok : Missing),
            ("keys", keys.Loaded ? Ok : Missing),
            ("configuration", configuration.Loaded ? Ok : Missing),
        ];
        var status = lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : parts.All(part => part.Value == Ok) ? "ready" : "waiting";
        await WriteAsync(context, status == "ready" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, [("status", status), .. parts]);
    }

    private async Task<(bool Answers, bool Migrated)> LookAsync(CancellationToken cancellation)
    {
        try
        {
            return (true, await SchemaMigrator.IsMigratedAsync(database, cancellation));
        }
        catch (Exception e) when (StoreFailure.IsOutage(e))
        {
            return (false, false);
        }
    }

    private static Task WriteAsync(HttpContext context, int status, (string Name, string Value)[] members)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return OAuthEndpoint.WriteJsonAsync(context, status, members, static (writer, members) =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        });
    }
}
