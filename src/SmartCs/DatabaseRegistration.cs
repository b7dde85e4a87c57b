using Npgsql;

namespace SmartCs;

static class DatabaseRegistration
{
    /// <summary>Uses <c>ConnectionStrings:SmartCs</c>.</summary>
    public static void AddSmartCsDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString("SmartCs") is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException("ConnectionStrings:SmartCs must name the PostgreSQL database of this service.");

        services.AddSingleton(_ => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "smart-cs",

            // A request that waits longer than this for PostgreSQL is better answered with 503.
            Timeout = 5,
            CommandTimeout = 10,
        }));
    }
}
