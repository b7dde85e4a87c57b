using Npgsql;
using NpgsqlTypes;
using Oidc;

namespace IdentityProvider;

/// <summary>A signing key at rest.</summary>
/// <param name="Wrapped">PKCS#8 under the key-encryption key of version <paramref name="KekVersion"/>.</param>
public sealed record StoredSigningKey(string KeyId, string Algorithm, byte[] Wrapped, int KekVersion, DateTimeOffset ActiveFrom)
{
    public KeyLife Life { get; } = new(KeyId, Algorithm, ActiveFrom);
}

/// <summary>Signing keys on PostgreSQL.</summary>
public sealed class SigningKeyStore(NpgsqlDataSource database)
{
    private const string ListSql = "select key_id, algorithm, wrapped, kek_version, active_from from signing_keys";

    private const string InsertSql = "insert into signing_keys (key_id, algorithm, wrapped, kek_version, active_from, created_at) values ($1, $2, $3, $4, $5, $6)";

    private const string DeleteSql = "delete from signing_keys where key_id = any($1)";

    public async Task<IReadOnlyList<StoredSigningKey>> ListAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ListSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = new List<StoredSigningKey>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(Read(reader));
        }
        return keys;
    }

    internal static StoredSigningKey Read(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<byte[]>(2), reader.GetInt32(3), reader.GetFieldValue<DateTimeOffset>(4));

    public async Task InsertAsync(StoredSigningKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(InsertSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.KeyId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Algorithm });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = key.Wrapped });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = key.KekVersion });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = key.ActiveFrom });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task DeleteAsync(string[] keyIds, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(DeleteSql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = keyIds, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
