using Npgsql;
using NpgsqlTypes;

namespace IdentityProvider;

/// <summary>Clients, secrets, resources and scopes on PostgreSQL, read whole and written row by row.</summary>
public sealed class ConfigurationStore(NpgsqlDataSource database)
{
    private const string ClientsSql = """
        select id, name, enabled, first_party, authentication_methods, grant_types, redirect_uris, post_logout_redirect_uris, scopes,
            require_pkce, id_token_algorithm, rotate_refresh_tokens, home_uri, managed_by, origin, created_at, updated_at
        from clients order by id
        """;

    private const string SecretsSql = "select client_id, sha256, expires_at, retired_at, managed_by, origin, created_at from client_secrets order by client_id, created_at, sha256";

    private const string ResourcesSql = "select name, managed_by, origin, created_at, updated_at from resources order by name";

    private const string ScopesSql = "select scope, resource_name from resource_scopes order by scope";

    // Cheaper than reading and comparing every minute, and it cannot miss a column.
    private const string FingerprintSql = """
        select md5(concat_ws('|',
            (select string_agg(c::text, '|' order by c.id) from clients c),
            (select string_agg(s::text, '|' order by s.client_id, s.sha256) from client_secrets s),
            (select string_agg(r::text, '|' order by r.name) from resources r),
            (select string_agg(s::text, '|' order by s.scope) from resource_scopes s)))
        """;

    private const string SaveClientSql = """
        insert into clients (id, name, enabled, first_party, authentication_methods, grant_types, redirect_uris, post_logout_redirect_uris, scopes,
            require_pkce, id_token_algorithm, rotate_refresh_tokens, home_uri, managed_by, origin, created_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
        on conflict (id) do update set name = $2, enabled = $3, first_party = $4, authentication_methods = $5, grant_types = $6, redirect_uris = $7,
            post_logout_redirect_uris = $8, scopes = $9, require_pkce = $10, id_token_algorithm = $11, rotate_refresh_tokens = $12, home_uri = $13,
            managed_by = $14, origin = $15, updated_at = $16
        """;

    private const string AddSecretSql = """
        insert into client_secrets (client_id, sha256, managed_by, origin, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing
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
        // One snapshot for all four, or a client could be read without its secret.
        foreach (var sql in new[] { "begin isolation level repeatable read read only", ClientsSql, SecretsSql, ResourcesSql, ScopesSql, FingerprintSql, "commit" })
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var rows = new ConfigurationRows(
            await ListAsync(reader, ReadClient, cancellation), await ListAsync(reader, ReadSecret, cancellation),
            await ListAsync(reader, ReadResource, cancellation), await ListAsync(reader, row => new ResourceScopeRow { Scope = row.GetString(0), ResourceName = row.GetString(1) }, cancellation));
        await reader.ReadAsync(cancellation);
        return (rows, reader.GetString(0));
    }

    public static Task SaveAsync(NpgsqlConnection connection, ClientRow row, CancellationToken cancellation) => ExecuteAsync(connection, SaveClientSql,
        [
            Text(row.Id), Text(row.Name), Flag(row.Enabled), Flag(row.FirstParty), Texts(row.AuthenticationMethods), Texts(row.GrantTypes), Texts(row.RedirectUris),
            Texts(row.PostLogoutRedirectUris), Texts(row.Scopes), Flag(row.RequirePkce), Text(row.IdTokenAlgorithm), Flag(row.RotateRefreshTokens), Text(row.HomeUri),
            Text(row.ManagedBy), Text(row.Origin), Time(row.UpdatedAt),
        ], cancellation);

    public static Task AddAsync(NpgsqlConnection connection, ClientSecretRow row, CancellationToken cancellation) => ExecuteAsync(connection, AddSecretSql,
        [Text(row.ClientId), new NpgsqlParameter<byte[]> { TypedValue = row.Sha256 }, Text(row.ManagedBy), Text(row.Origin), Time(row.CreatedAt)], cancellation);

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

    private static ClientRow ReadClient(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Enabled = row.GetBoolean(2),
        FirstParty = row.GetBoolean(3),
        AuthenticationMethods = row.GetFieldValue<string[]>(4),
        GrantTypes = row.GetFieldValue<string[]>(5),
        RedirectUris = row.GetFieldValue<string[]>(6),
        PostLogoutRedirectUris = row.GetFieldValue<string[]>(7),
        Scopes = row.GetFieldValue<string[]>(8),
        RequirePkce = row.GetBoolean(9),
        IdTokenAlgorithm = row.GetString(10),
        RotateRefreshTokens = row.GetBoolean(11),
        HomeUri = TextOf(row, 12),
        ManagedBy = row.GetString(13),
        Origin = TextOf(row, 14),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(15),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(16),
    };

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

    private static NpgsqlParameter<string[]> Texts(string[] value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<bool> Flag(bool value) => new() { TypedValue = value };

    private static NpgsqlParameter<DateTimeOffset> Time(DateTimeOffset value) => new() { TypedValue = value };
}
