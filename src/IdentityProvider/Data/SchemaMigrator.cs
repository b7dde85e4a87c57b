using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IdentityProvider;

/// <summary>Brings the database to the schema this binary was built for, one node at a time. A newer schema is left as it is: migrations only ever add.</summary>
internal static class SchemaMigrator
{
    /// <summary>The newest migration. Named here so that a start on a migrated database need not build EF's model; a test holds it to the assembly.</summary>
    public const string Latest = "20261120204700_AccountAccess";

    public static async Task MigrateAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellation)
    {
        if (await IsMigratedAsync(database, cancellation))
        {
            return;
        }

        // A second node waits here and then finds the work done.
        await using var held = await AdvisoryLock.TakeAsync(database, AdvisoryLock.Migrations, cancellation);
        var options = new DbContextOptionsBuilder<IdentityDb>().UseNpgsql(database).Options;
        await using var db = new IdentityDb(options, time);
        // A migration takes as long as its tables are large.
        db.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await db.Database.MigrateAsync(cancellation);
    }

    /// <summary>Whether everything this binary was built for is there.</summary>
    public static async Task<bool> IsMigratedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""select 1 from "__EFMigrationsHistory" where "MigrationId" = $1""");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Latest });
        try
        {
            return await command.ExecuteScalarAsync(cancellation) is not null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
    }
}
