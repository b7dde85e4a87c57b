using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Bench;

/// <summary>One connection with the hot path's statements prepared on it, over tables of the same shape as the provider's.</summary>
sealed class LimitStatements
{
    const string Tables = """
        CREATE TABLE users (id uuid PRIMARY KEY, email text, email_verified boolean, name text, picture text, roles text[], claims jsonb,
            enabled boolean NOT NULL, updated_at timestamptz);
        CREATE TABLE sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL, ended_at timestamptz);
        CREATE TABLE grants (id uuid PRIMARY KEY, client_id text NOT NULL, user_id uuid NOT NULL, session_id uuid NOT NULL, scopes text[] NOT NULL,
            resources text[] NOT NULL, authenticated_at timestamptz NOT NULL, acr text NOT NULL, amr text[] NOT NULL, revoked_at timestamptz);
        CREATE INDEX ON grants (session_id);
        CREATE TABLE codes (hash bytea PRIMARY KEY, grant_id uuid NOT NULL, client_id text NOT NULL, user_id uuid NOT NULL, session_id uuid NOT NULL,
            scopes text[] NOT NULL, resources text[] NOT NULL, authenticated_at timestamptz NOT NULL, acr text NOT NULL, amr text[] NOT NULL,
            redirect_uri text NOT NULL, nonce text, challenge text, expires_at timestamptz NOT NULL, redeemed_at timestamptz);
        CREATE INDEX ON codes (expires_at);
        CREATE TABLE refresh_tokens (hash bytea PRIMARY KEY, grant_id uuid NOT NULL, idle_until timestamptz NOT NULL, expires_at timestamptz NOT NULL,
            rotated_at timestamptz, nonce bytea, key_version int, successor bytea);
        CREATE INDEX ON refresh_tokens (grant_id);
        CREATE INDEX ON refresh_tokens (expires_at);
        """;

    const string People = """
        INSERT INTO users SELECT md5('u' || i)::uuid, 'u' || i || '@example.com', true, 'User ' || i, NULL, '{}', '{"given_name": "User"}', true, now()
            FROM generate_series(0, 999) i;
        INSERT INTO sessions SELECT md5('s' || i)::uuid, md5('u' || i)::uuid, NULL FROM generate_series(0, 999) i;
        """;

    const string Codes = """
        INSERT INTO codes SELECT sha256(convert_to('ac_' || lpad(i::text, 43, '0'), 'UTF8')), gen_random_uuid(), 'web', md5('u' || i % 1000)::uuid,
            md5('s' || i % 1000)::uuid, '{openid,profile,email,offline_access,members}', '{}', now(), 'urn:identity:acr:1fa', '{pwd}',
            'http://localhost:5109/callback', '0123456789abcdef', repeat('c', 43), now() + interval '1 day', NULL FROM generate_series($1, $1 + $2 - 1) i
        """;

    const string Person = "u.id, u.email, u.name, u.email_verified, u.picture, u.roles, u.claims, u.enabled, u.updated_at, s.ended_at IS NOT NULL";

    LimitStatements(NpgsqlConnection connection)
    {
        const NpgsqlDbType bytes = NpgsqlDbType.Bytea, time = NpgsqlDbType.TimestampTz;
        FindGrant = Command(connection, $"""
            SELECT {Person}, g.revoked_at IS NOT NULL
            FROM grants g JOIN sessions s ON s.id = g.session_id JOIN users u ON u.id = g.user_id WHERE g.id = $1
            """, NpgsqlDbType.Uuid);
        FindCode = Command(connection, $"""
            SELECT c.grant_id, c.client_id, c.session_id, c.scopes, c.resources, c.authenticated_at, c.acr, c.amr, c.redirect_uri, c.nonce, c.challenge,
                c.expires_at, c.redeemed_at, {Person}
            FROM codes c JOIN sessions s ON s.id = c.session_id JOIN users u ON u.id = c.user_id WHERE c.hash = $1
            """, bytes);
        RedeemCode = Command(connection, """
            WITH used AS (UPDATE codes SET redeemed_at = $3 WHERE hash = $1 AND redeemed_at IS NULL RETURNING *),
            granted AS (INSERT INTO grants SELECT grant_id, client_id, user_id, session_id, scopes, resources, authenticated_at, acr, amr FROM used RETURNING id)
            INSERT INTO refresh_tokens (hash, grant_id, idle_until, expires_at) SELECT $2, id, $4, $5 FROM granted RETURNING 1
            """, bytes, bytes, time, time, time);
        Refresh = Command(connection, $"""
            WITH taken AS (UPDATE refresh_tokens SET rotated_at = $4, nonce = $2, key_version = 1, successor = $3
                WHERE hash = $1 AND rotated_at IS NULL AND idle_until > $4 AND expires_at > $4 RETURNING grant_id, expires_at),
            next AS (INSERT INTO refresh_tokens (hash, grant_id, idle_until, expires_at) SELECT $3, grant_id, $5, expires_at FROM taken)
            SELECT g.id, g.client_id, g.session_id, g.scopes, g.resources, g.authenticated_at, g.acr, g.amr, g.revoked_at IS NOT NULL, {Person}
            FROM taken t JOIN grants g ON g.id = t.grant_id JOIN sessions s ON s.id = g.session_id JOIN users u ON u.id = g.user_id
            """, bytes, bytes, bytes, time, time);
    }

    public NpgsqlCommand FindGrant { get; }
    public NpgsqlCommand FindCode { get; }
    public NpgsqlCommand RedeemCode { get; }
    public NpgsqlCommand Refresh { get; }

    /// <summary>The tables, and a thousand people who are signed in.</summary>
    public static async Task CreateTablesAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(Tables + People);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Rows for the codes <paramref name="first"/> and following.</summary>
    public static async Task AddCodesAsync(string database, int first, int count)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(Codes);
        command.Parameters.AddRange(new[] { new NpgsqlParameter { Value = first }, new NpgsqlParameter { Value = count } });
        await command.ExecuteNonQueryAsync();
    }

    public static string Code(int number) => "ac_" + number.ToString("D43", CultureInfo.InvariantCulture);

    public static async Task<LimitStatements> PrepareAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var statements = new LimitStatements(connection);
        foreach (var command in new[] { statements.FindGrant, statements.FindCode, statements.RedeemCode, statements.Refresh })
            await command.PrepareAsync();
        return statements;
    }

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlDbType[] types)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var type in types)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        return command;
    }
}
