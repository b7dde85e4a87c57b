using Harness;
using Microsoft.Extensions.Logging.Abstractions;

namespace IdentityProvider.Tests;

public sealed class CleanerTests : IAsyncLifetime
{
    private readonly MigratedDatabase _database = new();
    private readonly ManualTime _time = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    private Cleaner NewCleaner() => new(_database.Source, _time, NullLogger<Cleaner>.Instance);

    [Fact]
    public async Task Takes_what_has_expired_and_nothing_that_lives()
    {
        await AddGrantAsync("dead", -1);
        await AddGrantAsync("alive", 1);

        await NewCleaner().CleanAsync(default);

        foreach (var table in new[] { "sessions", "grants", "refresh_tokens", "authorization_codes" })
        {
            (await _database.ScalarAsync<long>($"select count(*) from {table}")).ShouldBe(1, table);
        }

        (await _database.ScalarAsync<string>("select id from sessions")).ShouldBe("alive");
    }

    [Fact]
    public async Task Keeps_a_session_for_as_long_as_a_grant_asks_whether_it_was_ended()
    {
        await AddGrantAsync("over", -1);
        await _database.ExecuteAsync("update grants set expires_at = $1", _time.Now.AddHours(1));

        await NewCleaner().CleanAsync(default);

        (await _database.ScalarAsync<long>("select count(*) from sessions")).ShouldBe(1);
    }

    [Fact]
    public async Task Leaves_a_token_that_is_moved_on_while_it_looks()
    {
        await AddGrantAsync("used", -1);
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var moving = new Npgsql.NpgsqlCommand("update refresh_tokens set idle_until = $1", connection);
        moving.Parameters.Add(new Npgsql.NpgsqlParameter { Value = _time.Now.AddHours(1) });
        await moving.ExecuteNonQueryAsync();

        await NewCleaner().CleanAsync(default);
        await transaction.CommitAsync();
        await NewCleaner().CleanAsync(default);

        (await _database.ScalarAsync<long>("select count(*) from refresh_tokens")).ShouldBe(1);
    }

    [Fact]
    public async Task Takes_more_than_one_batch()
    {
        await _database.ExecuteAsync("""
            insert into interactions (hash, browser_hash, parameters, state, started_at, expires_at)
            select sha256(i::text::bytea), '', '{}', '{}', $1, $1::timestamptz - i * interval '1 second' from generate_series(1, 1200) i
            """, _time.Now);

        await NewCleaner().CleanAsync(default);

        (await _database.ScalarAsync<long>("select count(*) from interactions")).ShouldBe(0);
    }

    [Fact]
    public async Task Takes_more_than_one_batch_of_one_instant()
    {
        await _database.ExecuteAsync("""
            insert into interactions (hash, browser_hash, parameters, state, started_at, expires_at)
            select sha256(i::text::bytea), '', '{}', '{}', $1, $1::timestamptz - interval '1 second' from generate_series(1, 2200) i
            """, _time.Now);

        await NewCleaner().CleanAsync(default);

        (await _database.ScalarAsync<long>("select count(*) from interactions")).ShouldBe(0);
    }

    [Fact]
    public async Task One_node_at_a_time_is_at_it()
    {
        await AddGrantAsync("dead", -1);
        await using (await AdvisoryLock.TakeAsync(_database.Source, AdvisoryLock.Cleaner, default))
        {
            (await NewCleaner().CleanAsync(default)).ShouldBe(0);
        }

        (await NewCleaner().CleanAsync(default)).ShouldBeGreaterThan(0);
    }

    // Session, code, grant and refresh token that all end the given number of days from now.
    private Task AddGrantAsync(string session, int days) => _database.ExecuteAsync("""
        with ends as (select $2::timestamptz as at), s as (
            insert into sessions (id, secret_hash, person_id, surface, acr, amr, authenticated_at, created_at, last_seen_at, idle_until, expires_at, remembered)
            select $1, sha256($1::bytea), '00000000-0000-7000-8000-000000000000', 'page', '1', '{}', at, at, at, at, at, false from ends
        ), c as (
            insert into authorization_codes (hash, grant_id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, redirect_uri, expires_at)
            select sha256($1::bytea), md5($1)::uuid, 'c', '00000000-0000-7000-8000-000000000000', $1, '{}', '{}', at, '1', '{}', '/', at from ends
        ), t as (
            insert into refresh_tokens (hash, grant_id, idle_until, expires_at) select sha256($1::bytea), md5($1)::uuid, at, at from ends
        )
        insert into grants (id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, created_at, expires_at)
        select md5($1)::uuid, 'c', '00000000-0000-7000-8000-000000000000', $1, '{}', '{}', at, '1', '{}', at, at from ends
        """, session, _time.Now.AddDays(days));
}
