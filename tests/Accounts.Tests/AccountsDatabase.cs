using Harness;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Accounts.Tests;

/// <summary>A database with the tables of this room, as the host's first migration makes them; one a test class.</summary>
public sealed class AccountsDatabase : IAsyncLifetime
{
    private Database? _database;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public string ConnectionString => _database!.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        Source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var db = Open(TimeProvider.System);
        await ExecuteAsync(db.Database.GenerateCreateScript());
        await ExecuteAsync(AccountsSchema.Version1);
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database!.DisposeAsync();
    }

    internal TestDb Open(TimeProvider time) => new(new DbContextOptionsBuilder<TestDb>().UseNpgsql(Source).Options, time);

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }
}

/// <summary>What the host derives.</summary>
internal sealed class TestDb(DbContextOptions<TestDb> options, TimeProvider time) : AccountsDb(options, time);
