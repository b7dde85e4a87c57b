using Harness;
using Npgsql;

namespace IdentityProvider.Tests;

/// <summary>A database with the provider's schema and nothing in it.</summary>
public sealed class MigratedDatabase : IAsyncLifetime
{
    private Database _database = null!;

    public NpgsqlDataSource Source { get; private set; } = null!;

    public string ConnectionString => _database.ConnectionString;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        Source = NpgsqlDataSource.Create(_database.ConnectionString);
        await SchemaMigrator.MigrateAsync(Source, TimeProvider.System, default);
    }

    public async Task DisposeAsync()
    {
        await Source.DisposeAsync();
        await _database.DisposeAsync();
    }

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private NpgsqlCommand Command(string sql, object[] parameters)
    {
        var command = Source.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return command;
    }
}
