using Npgsql;

namespace IdentityProvider;

/// <summary>
/// Work that one node at a time does. Each number is a lock of its own, the same in every version of this program; the lock is its
/// connection's, so it is gone with a node that dies.
/// </summary>
internal sealed class AdvisoryLock : IAsyncDisposable
{
    public const long Migrations = 0x1D_0001, SigningKeys = 0x1D_0002, DataProtection = 0x1D_0003, Configuration = 0x1D_0004, Cleaner = 0x1D_0005;

    private readonly NpgsqlConnection _connection;
    private readonly long _number;

    private AdvisoryLock(NpgsqlConnection connection, long number) => (_connection, _number) = (connection, number);

    /// <summary>Waits for the lock, however long another node works.</summary>
    public static async Task<AdvisoryLock> TakeAsync(NpgsqlDataSource database, long number, CancellationToken cancellation) =>
        (await TakeAsync(database, "select true from pg_advisory_lock($1)", number, cancellation))!;

    /// <summary>The lock, or null when another node has it.</summary>
    public static Task<AdvisoryLock?> TryTakeAsync(NpgsqlDataSource database, long number, CancellationToken cancellation) =>
        TakeAsync(database, "select pg_try_advisory_lock($1)", number, cancellation);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ExecuteAsync(_connection, "select pg_advisory_unlock($1)", _number, CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection broke, and its lock with it.
        }
        await _connection.DisposeAsync();
    }

    private static async Task<AdvisoryLock?> TakeAsync(NpgsqlDataSource database, string sql, long number, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            if (await ExecuteAsync(connection, sql, number, cancellation))
            {
                return new AdvisoryLock(connection, number);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        await connection.DisposeAsync();
        return null;
    }

    private static async Task<bool> ExecuteAsync(NpgsqlConnection connection, string sql, long number, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = number });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }
}
