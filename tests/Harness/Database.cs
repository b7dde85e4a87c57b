using System.Security.Cryptography;
using Npgsql;

namespace Harness;

/// <summary>A database of its own for one test or one fixture; dropped when disposed, whoever is still connected.</summary>
public sealed class Database : IAsyncDisposable
{
    private readonly string _administrator;
    private readonly string _name;

    private Database(string administrator, string name)
    {
        _administrator = administrator;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(administrator) { Database = name, MaxPoolSize = 30 }.ConnectionString;
    }

    /// <summary>A superuser's connection string, for at most 30 connections.</summary>
    public string ConnectionString { get; }

    internal static async Task<Database> CreateAsync(string administrator)
    {
        var name = $"test_{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        await ExecuteAsync(administrator, $"CREATE DATABASE {name}");
        return new Database(administrator, name);
    }

    /// <summary>Writes it into a file, with PostgreSQL's own program.</summary>
    public Task DumpAsync(string path) => PostgresBinaries.RunAsync([PostgresBinaries.PathOf("pg_dump"), "--no-owner", "--file", path, "--dbname", Uri]);

    /// <summary>Reads such a file into this database, which is empty.</summary>
    public Task RestoreAsync(string path) =>
        PostgresBinaries.RunAsync([PostgresBinaries.PathOf("psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--file", path, Uri]);

    private string Uri
    {
        get
        {
            var parts = new NpgsqlConnectionStringBuilder(ConnectionString);
            return $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{_name}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        try
        {
            await ExecuteAsync(_administrator, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            // A cluster that a test has taken away for good takes its databases along.
        }
    }

    private static async Task ExecuteAsync(string administrator, string sql)
    {
        // Unpooled, so that none is kept to a cluster that a test stops.
        var unpooled = new NpgsqlConnectionStringBuilder(administrator) { Pooling = false }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
