using AccessTokens;
using Npgsql;

namespace MembersApi;

internal static class DatabaseRegistration
{
    // In front, so that the connection string has the last word. A request that waits longer for PostgreSQL is better answered with 503.
    private const string Defaults = "Application Name=members;Timeout=5;Command Timeout=10;Max Auto Prepare=20;";

    /// <summary>
    /// Uses <c>ConnectionStrings:Members</c>; brings the schema up to date when the host starts, and again later if that failed.
    /// </summary>
    public static IServiceCollection AddMembersDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString("Members") is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException("ConnectionStrings:Members must name the PostgreSQL database of this service.");

        services.AddSingleton(_ => NpgsqlDataSource.Create(Defaults + connectionString));

        services.AddSingleton<MembersDatabase>();
        services.AddHostedService<SchemaAtStart>();
        return services;
    }

    /// <summary>Answers what PostgreSQL's absence does to an endpoint with 503; the next request tries again.</summary>
    public static TBuilder NeedsDatabase<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (NpgsqlException failed) when (IsAway(failed))
            {
                Log.DatabaseAway(context.HttpContext.RequestServices.GetRequiredService<ILogger<MembersDatabase>>(), failed);
                return ApiError.Unavailable(TimeSpan.FromSeconds(5));
            }
        });

    /// <summary>
    /// True for a lost or refused connection, a shutdown, a start-up, too many connections; false for a statement that is wrong.
    /// </summary>
    internal static bool IsAway(NpgsqlException failed) => failed is not PostgresException || failed.IsTransient;
}

/// <summary>Without PostgreSQL the host starts all the same, and says so: it recovers by itself.</summary>
internal sealed class SchemaAtStart(MembersDatabase database, ILogger<MembersDatabase> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenAsync(cancellationToken);
        }
        catch (NpgsqlException failed) when (DatabaseRegistration.IsAway(failed))
        {
            Log.DatabaseAway(logger, failed);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
