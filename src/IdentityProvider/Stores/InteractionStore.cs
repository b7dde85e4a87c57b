using Npgsql;

namespace IdentityProvider;

/// <summary>An interaction at rest. <see cref="Parameters"/> and <see cref="State"/> are JSON.</summary>
/// <param name="BrowserHash">SHA-256 of the browser's secret; empty until the first browser takes it up.</param>
public sealed record InteractionRow(byte[] Hash, byte[] BrowserHash, string? ClientId, string Parameters, string State, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt);

/// <summary>Interactions on PostgreSQL. One round trip each.</summary>
public sealed class InteractionStore(NpgsqlDataSource database)
{
    private const string InsertSql = """
        insert into interactions (hash, browser_hash, client_id, parameters, state, started_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (hash) do nothing
        """;

    private const string FindSql = "select hash, browser_hash, client_id, parameters, state, started_at, expires_at from interactions where hash = $1";

    private const string SaveSql = "update interactions set state = $2 where hash = $1";

    private const string BindSql = "update interactions set browser_hash = $2 where hash = $1 and browser_hash = ''";

    /// <summary>Keeps a new interaction; one that is there already stays as it is.</summary>
    public Task InsertAsync(InteractionRow row, CancellationToken cancellation) => new Statement(database, InsertSql)
        .With(row.Hash)
        .With(row.BrowserHash)
        .With(row.ClientId)
        .WithJson(row.Parameters)
        .WithJson(row.State)
        .With(row.StartedAt)
        .With(row.ExpiresAt)
        .ExecuteAsync(cancellation);

    public Task<InteractionRow?> FindAsync(byte[] hash, CancellationToken cancellation) => new Statement(database, FindSql).With(hash).ReadAsync(Read, cancellation);

    public Task SaveAsync(byte[] hash, string state, CancellationToken cancellation) =>
        new Statement(database, SaveSql).With(hash).WithJson(state).ExecuteAsync(cancellation);

    /// <summary>Gives an interaction without a browser to this one. False: another was first.</summary>
    public async Task<bool> BindAsync(byte[] hash, byte[] browserHash, CancellationToken cancellation) =>
        await new Statement(database, BindSql).With(hash).With(browserHash).ExecuteAsync(cancellation) == 1;

    private static InteractionRow Read(NpgsqlDataReader row) => new(
        row.GetFieldValue<byte[]>(0),
        row.GetFieldValue<byte[]>(1),
        row.IsDBNull(2) ? null : row.GetString(2),
        row.GetString(3),
        row.GetString(4),
        row.GetFieldValue<DateTimeOffset>(5),
        row.GetFieldValue<DateTimeOffset>(6));
}
