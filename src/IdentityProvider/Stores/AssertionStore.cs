using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>Used assertions on PostgreSQL, in a logged table: neither a restart nor another node forgets one.</summary>
public sealed class AssertionStore(NpgsqlDataSource database) : IAssertionStore
{
    // The primary key decides between parallel statements; whoever comes second waits for the first and then inserts nothing.
    private const string UseSql = "insert into used_assertions (hash, expires_at) values ($1, $2) on conflict (hash) do nothing";

    public async Task<bool> UseAsync(byte[] hash, DateTimeOffset expiresAt, CancellationToken cancellation) =>
        await new Statement(database, UseSql).With(hash).With(expiresAt).ExecuteAsync(cancellation) == 1;
}
