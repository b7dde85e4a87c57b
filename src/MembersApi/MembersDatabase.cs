using Npgsql;

namespace MembersApi;

/// <summary>
/// The database <c>members</c>. Whoever asks first brings the schema up to date, the start of the host at the latest; a start without
/// PostgreSQL is made up for by the first request that finds it.
/// </summary>
internal sealed class MembersDatabase(NpgsqlDataSource source) : IDisposable
{
    // Any fixed number that nobody else uses in this database: "members" on a telephone's keys.
    private const long SchemaLock = 6362377;

    // Statements that hold whether or not they have run before; the previous binary works with their result.
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS user_profiles (
            user_id           text PRIMARY KEY,
            name              text NOT NULL,
            gender            text,
            birth_date        date,
            contact_info      text,
            companions        text,
            emergency_contact text,
            email             text NOT NULL,
            checkup_date      date,
            created_at        timestamptz NOT NULL,
            updated_at        timestamptz NOT NULL
        )
        """;

    private readonly SemaphoreSlim _migration = new(1);
    private volatile bool _migrated;

    /// <exception cref="NpgsqlException">PostgreSQL is away.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel)
    {
        if (!_migrated)
        {
            await MigrateAsync(cancel);
        }

        return await source.OpenConnectionAsync(cancel);
    }

    public void Dispose() => _migration.Dispose();

    private async Task MigrateAsync(CancellationToken cancel)
    {
        await _migration.WaitAsync(cancel);
        try
        {
            if (_migrated)
            {
                return;
            }

            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);

            // Two nodes that start together would both find the table missing; the lock ends with the transaction.
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({SchemaLock}); {Schema}", connection, transaction);
            await command.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
            _migrated = true;
        }
        finally
        {
            _migration.Release();
        }
    }
}
