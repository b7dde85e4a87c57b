using Npgsql;

namespace SmartCs;

internal static class DatabaseRegistration
{
    // In front, so that the connection string has the last word. A request that waits longer for PostgreSQL is better answered with 503.
    private const string Defaults = "Application Name=smart-cs;Timeout=5;Command Timeout=10;Max Auto Prepare=20;";

    /// <summary>Uses <c>ConnectionStrings:SmartCs</c>.</summary>
    public static void AddSmartCsDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        var connectionString = configuration.GetConnectionString("SmartCs") is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException("ConnectionStrings:SmartCs must name the PostgreSQL database of this service.");

        services.AddSingleton(_ => NpgsqlDataSource.Create(Defaults + connectionString));

    }
}
