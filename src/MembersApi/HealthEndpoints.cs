using Npgsql;

namespace MembersApi;

internal static class HealthEndpoints
{
    /// <summary>Live, and the seed's bare path: the process answers. Ready: the database does too, so that a balancer may send requests here.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", Live);
        app.MapGet("/health/live", Live);
        app.MapGet("/health/ready", async (MembersDatabase database, CancellationToken cancel) =>
        {
            await using var connection = await database.OpenAsync(cancel);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancel);
            return Results.Json(new { status = "ready" });
        }).NeedsDatabase();
    }

    private static IResult Live() => Results.Json(new { status = "live" });
}
