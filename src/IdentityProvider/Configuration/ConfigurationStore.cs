using Npgsql;
using NpgsqlTypes;

namespace IdentityProvider;

/// <summary>Clients, secrets, resources and scopes on PostgreSQL, read whole and written row by row.</summary>
public sealed class ConfigurationStore(NpgsqlDataSource database)
{
    private const string SecretsSql = "select client_id, sha256, expires_at, retired_at, managed_by, origin, created_at from client_secrets order by client_id, created_at, sha256";

    private const string ResourceSecretsSql =
        "select resource_name, sha256, expires_at, retired_at, managed_by, origin, created_at from resource_secrets order by resource_name, created_at, sha256";

    private const string ResourcesSql = "select name, managed_by, origin, created_at, updated_at from resources order by name";

    private const string ScopesSql = "select scope, resource_name from resource_scopes order by scope";

    // Cheaper than reading and comparing every minute, and it cannot miss a column.
    private const string FingerprintSql = """
        select md5(concat_ws('|',
            (select string_agg(c::text, '|' order by c.id) from clients c),
            (select string_agg(s::text, '|' order by s.client_id, s.sha256) from client_secrets s),
            (select string_agg(r::text, '|' order by r.name) from resources r),
            (select string_agg(s::text, '|' order by s.resource_name, s.sha256) from resource_secrets s),
            (select string_agg(s::text, '|' order by s.scope) from resource_scopes s)))
        """;

    private const string AddSecretSql = """
        insert into client_secrets (client_id, sha256, managed_by, origin, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing
        """;

    private const string AddResourceSecretSql = """
        insert into resource_secrets (resource_name, sha256, managed_by, origin, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing
        """;

    private const string SaveResourceSql = """
        insert into resources (name, managed_by, origin, created_at, updated_at) values ($1, $2, $3, $4, $4)
        on conflict (name) do update set managed_by = $2, origin = $3, updated_at = $4
        """;

    private const string AddScopeSql = "insert into resource_scopes (scope, resource_name) values ($1, $2)";

    public async Task<string> FingerprintAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(FingerprintSql);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Everything and its fingerprint as of one instant, in one round trip.</summary>
    public async Task<(ConfigurationRows Rows, string Fingerprint)> ReadAsync(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        // One snapshot for all of them, or a client could be read without its secret.
        foreach (var sql in new[] { "begin isolation level repeatable read read only", ClientTable.SelectSql, SecretsSql, ResourcesSql, ScopesSql, ResourceSecretsSql, FingerprintSql, "commit" })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = new ConfigurationRows(
            await ListAsync(reader, ClientTable.Read, cancellation), await ListAsync(reader, ReadSecret, cancellation),
            await ListAsync(reader, ReadResource, cancellation), await ListAsync(reader, row => new ResourceScopeRow { Scope = row.GetString(0), ResourceName = row.GetString(1) }, cancellation))
        {
            ResourceSecrets = await ListAsync(reader, ReadResourceSecret, cancellation),
        };
        await reader.ReadAsync(cancellation);
        return (rows, reader.GetString(0));
    }

    public static Task AddAsync(NpgsqlConnection connection, ClientSecretRow row, CancellationToken cancellation) => ExecuteAsync(connection, AddSecretSql,
        [Text(row.ClientId), new NpgsqlParameter<byte[]> { TypedValue = row.Sha256 }, Text(row.ManagedBy), Text(row.Origin), Time(row.CreatedAt)], cancellation);

    public static Task AddAsync(NpgsqlConnection connection, ResourceSecretRow row, CancellationToken cancellation) => ExecuteAsync(connection, AddResourceSecretSql,
        [Text(row.ResourceName), new NpgsqlParameter<byte[]> { TypedValue = row.Sha256 }, Text(row.ManagedBy), Text(row.Origin), Time(row.CreatedAt)], cancellation);

    public static Task SaveAsync(NpgsqlConnection connection, ResourceRow row, CancellationToken cancellation) =>
        ExecuteAsync(connection, SaveResourceSql, [Text(row.Name), Text(row.ManagedBy), Text(row.Origin), Time(row.UpdatedAt)], cancellation);

    public static Task AddAsync(NpgsqlConnection connection, ResourceScopeRow row, CancellationToken cancellation) =>
        ExecuteAsync(connection, AddScopeSql, [Text(row.Scope), Text(row.ResourceName)], cancellation);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // The statements that give no rows leave no result, so each list is the next one.
    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        var list = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            list.Add(read(reader));
        }

        await reader.NextResultAsync(cancellation);
        return list;
    }

    private static ClientSecretRow ReadSecret(NpgsqlDataReader row) => new()
    {
        ClientId = row.GetString(0),
        Sha256 = row.GetFieldValue<byte[]>(1),
        ExpiresAt = row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
        RetiredAt = row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
        ManagedBy = row.GetString(4),
        Origin = TextOf(row, 5),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(6),
    };

    private static ResourceSecretRow ReadResourceSecret(NpgsqlDataReader row) => new()
    {
        ResourceName = row.GetString(0),
        Sha256 = row.GetFieldValue<byte[]>(1),
        ExpiresAt = row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
        RetiredAt = row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
        ManagedBy = row.GetString(4),
        Origin = TextOf(row, 5),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(6),
    };

    private static ResourceRow ReadResource(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        ManagedBy = row.GetString(1),
        Origin = TextOf(row, 2),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(3),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(4),
    };

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<DateTimeOffset> Time(DateTimeOffset value) => new() { TypedValue = value };
}
