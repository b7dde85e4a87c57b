using Npgsql;

namespace MembersApi;

static class HealthEndpoints
{
    /// <summary>Live: the process answers. Ready: the database does too, so that a balancer may send requests here.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        app.MapGet("/health/ready", async (MembersDatabase database, CancellationToken cancel) =>
        {
            await using var connection = await database.OpenAsync(cancel);
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancel);
            return Results.Json(new { status = "ready" });
        }).NeedsDatabase();
    }
}
