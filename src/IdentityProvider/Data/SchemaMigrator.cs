using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IdentityProvider;

/// <summary>Brings the database to the schema this binary was built for, one node at a time. A newer schema is left as it is: migrations only ever add.</summary>
static class SchemaMigrator
{
    /// <summary>The newest migration. Named here so that a start on a migrated database need not build EF's model; a test holds it to the assembly.</summary>
    public const string Latest = "20261120161945_Initial";

    // An arbitrary number, the same in every version of this program.
    const long AdvisoryLock = 0x1D_0001;

    public static async Task MigrateAsync(NpgsqlDataSource database, TimeProvider time, CancellationToken cancellation)
    {
        if (await IsMigratedAsync(database, cancellation))
            return;

        // Held by a connection of its own, so that a second node waits here and then finds the work done.
        await using var holder = await database.OpenConnectionAsync(cancellation);
        await ExecuteAsync(holder, "select pg_advisory_lock($1)", cancellation);
        try
        {
            var options = new DbContextOptionsBuilder<IdentityDb>().UseNpgsql(database).Options;
            await using var db = new IdentityDb(options, time);
            await db.Database.MigrateAsync(cancellation);
        }
        finally
        {
            await ExecuteAsync(holder, "select pg_advisory_unlock($1)", CancellationToken.None);
        }
    }

    static async Task<bool> IsMigratedAsync(NpgsqlDataSource database, CancellationToken cancellation)
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

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = AdvisoryLock });
        // A node that waits for another's long migration waits as long as that takes.
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
