using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace IdentityProvider;

/// <summary>
/// One statement of the hot path: positional and typed parameters, prepared by the connection after its second use, one round trip. What it
/// throws when PostgreSQL is away is <see cref="Oidc.StoreUnavailableException"/>.
/// </summary>
internal readonly struct Statement(NpgsqlDataSource database, string sql)
{
    private readonly NpgsqlCommand _command = database.CreateCommand(sql);

    public Statement With(string? value) => Add(value, NpgsqlDbType.Text);

    public Statement With(byte[]? value) => Add(value, NpgsqlDbType.Bytea);

    public Statement With(Guid value) => Add(value, NpgsqlDbType.Uuid);

    public Statement With(Guid? value) => Add(value, NpgsqlDbType.Uuid);

    public Statement With(DateTimeOffset value) => Add(value, NpgsqlDbType.TimestampTz);

    public Statement With(DateTimeOffset? value) => Add(value, NpgsqlDbType.TimestampTz);

    public Statement With(int? value) => Add(value, NpgsqlDbType.Integer);

    public Statement With(bool value) => Add(value, NpgsqlDbType.Boolean);

    public Statement With(TimeSpan value) => Add(value, NpgsqlDbType.Interval);

    public Statement WithJson(string value) => Add(value, NpgsqlDbType.Jsonb);

    public Statement With(IReadOnlyList<string>? value) => Add(value as string[] ?? value?.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>Reads the row, or gives null when there is none.</summary>
    public async Task<T?> ReadAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken cancellation) where T : class
    {
        await using var command = _command;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellation);
            return await reader.ReadAsync(cancellation) ? read(reader) : null;
        }
        catch (Exception e) when (StoreFailure.IsOutage(e))
        {
            throw StoreFailure.Unavailable(e);
        }
    }

    /// <summary>Reads every row.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var command = _command;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (Exception e) when (StoreFailure.IsOutage(e))
        {
            throw StoreFailure.Unavailable(e);
        }
    }

    /// <summary>Executes it and gives the number of rows that its last part touched.</summary>
    public async Task<int> ExecuteAsync(CancellationToken cancellation)
    {
        await using var command = _command;
        try
        {
            return await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (Exception e) when (StoreFailure.IsOutage(e))
        {
            throw StoreFailure.Unavailable(e);
        }
    }

    private Statement Add<T>(T value, NpgsqlDbType type)
    {
        _command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return this;
    }
}
