using AccessTokens;
using Npgsql;

namespace SmartCs;

internal static class HealthEndpoints
{
    /// <summary>Live, and the seed's bare path: the process answers. Ready: the database does too, so that a balancer may send requests here.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", Live);
        app.MapGet("/health/live", Live);
        app.MapGet("/health/ready", ReadyAsync);
    }

    private static IResult Live() => Results.Json(new { status = "live" });

    private static async Task<IResult> ReadyAsync(NpgsqlDataSource database, ILogger<NpgsqlDataSource> logger, CancellationToken cancel)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancel);
            return Results.Json(new { status = "ready" });
        }
        catch (NpgsqlException failed)
        {
            Log.DatabaseAway(logger, failed);
            return ApiError.Unavailable(TimeSpan.FromSeconds(5));
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "PostgreSQL is away")]
    public static partial void DatabaseAway(ILogger logger, Exception exception);
}
