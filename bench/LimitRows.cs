using System.Globalization;
using IdentityProvider;
using Npgsql;

namespace Bench;

/// <summary>The limit server's database: the provider's own schema with a thousand people in it who are signed in.</summary>
internal static class LimitRows
{
    private const string People = """
        insert into people (id, bind_status, name, email, normalized_email, email_verified_at, claims, created_at, updated_at, two_factor_enabled)
        select md5('p' || i)::uuid, 'bound', 'Person ' || i, 'p' || i || '@example.com', 'P' || i || '@EXAMPLE.COM', now(), '{"given_name": "Person"}', now(), now(), false
        from generate_series(0, 999) i;
        insert into sessions (id, secret_hash, person_id, surface, acr, amr, authenticated_at, created_at, last_seen_at, idle_until, expires_at, remembered)
        select 's' || i, sha256(('s' || i)::bytea), md5('p' || i)::uuid, 'page', 'urn:identity:acr:1fa', '{pwd}', now(), now(), now(), now() + '1 day', now() + '1 day', false
        from generate_series(0, 999) i;
        analyze;
        """;

    private const string Codes = """
        insert into authorization_codes (hash, grant_id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr,
            redirect_uri, nonce, code_challenge, expires_at)
        select sha256(('ac_' || lpad(i::text, 43, '0'))::bytea), gen_random_uuid(), 'bench', md5('p' || i % 1000)::uuid, 's' || i % 1000,
            '{openid,profile,email,offline_access,members}', '{urn:identity:resource:members}', now(), 'urn:identity:acr:1fa', '{pwd}',
            'http://localhost:5109/callback', '0123456789abcdef', repeat('c', 43), now() + '1 day'
        from generate_series($1, $1 + $2 - 1) i
        """;

    public static async Task CreateAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await SchemaMigrator.MigrateAsync(source, TimeProvider.System, CancellationToken.None);
        await using var command = source.CreateCommand(People);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The codes number <paramref name="first"/> and following.</summary>
    public static async Task AddCodesAsync(string database, int first, int count)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(Codes);
        command.Parameters.AddRange(new[] { new NpgsqlParameter { Value = first }, new NpgsqlParameter { Value = count } });
        await command.ExecuteNonQueryAsync();
    }

    public static string Code(int number) => "ac_" + number.ToString("D43", CultureInfo.InvariantCulture);
}
