using System.Text.RegularExpressions;
using Harness;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IdentityProvider.Tests;

public sealed partial class SchemaTests : IAsyncLifetime
{
    private Database _database = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Five_nodes_migrate_a_fresh_database_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SchemaMigrator.MigrateAsync(_source, TimeProvider.System, default)));

        (await ListAsync("""select "MigrationId" from "__EFMigrationsHistory" """)).ShouldContain(SchemaMigrator.Latest);
    }

    [Fact]
    public void The_newest_migration_is_the_one_the_start_looks_for()
    {
        using var db = Context();
        db.Database.GetMigrations().Last().ShouldBe(SchemaMigrator.Latest);
    }

    [Fact]
    public void The_model_has_no_change_without_a_migration()
    {
        using var db = Context();
        db.Database.HasPendingModelChanges().ShouldBeFalse();
    }

    [Fact]
    public async Task A_fresh_database_has_every_column_of_the_model()
    {
        await SchemaMigrator.MigrateAsync(_source, TimeProvider.System, default);
        await using var db = Context();
        var ofTheModel = db.Model.GetEntityTypes().Where(entity => !entity.IsMappedToJson())
            .SelectMany(entity => entity.GetProperties().Select(property => $"{entity.GetTableName()}.{property.GetColumnName()}")).ToList();

        var columns = await ListAsync("select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'");

        ofTheModel.ShouldNotBeEmpty();
        ofTheModel.Except(columns).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_documentation_names_every_table_and_no_other()
    {
        await SchemaMigrator.MigrateAsync(_source, TimeProvider.System, default);
        var tables = await ListAsync("select table_name from information_schema.tables where table_schema = 'public'");

        var rows = (await File.ReadAllLinesAsync(Repository.PathOf("docs/data.md")))
            .SkipWhile(line => line != "## Database `identity`").Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        var documented = rows.SelectMany(row => Name().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value));

        documented.Order(StringComparer.Ordinal).ShouldBe(tables.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task No_table_takes_the_time_from_the_server()
    {
        await SchemaMigrator.MigrateAsync(_source, TimeProvider.System, default);

        (await ListAsync("""
            select table_name || '.' || column_name from information_schema.columns
            where table_schema = 'public' and data_type like 'timestamp%' and (column_default is not null or data_type <> 'timestamp with time zone')
            """)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0199d0a2-1111-7222-8333-444455556666")]
    [InlineData("0199d0a211117222833344445555666A")]
    [InlineData("{0199d0a2-1111-7222-8333-444455556666}")]
    public async Task Refuses_a_client_that_could_be_taken_for_a_person(string clientId)
    {
        await SchemaMigrator.MigrateAsync(_source, TimeProvider.System, default);
        await using var db = Context();
        db.Clients.Add(new ClientRow
        {
            Id = clientId,
            Name = "A client",
            AuthenticationMethods = ["none"],
            GrantTypes = [],
            RedirectUris = [],
            PostLogoutRedirectUris = [],
            Scopes = [],
            IdTokenAlgorithm = "RS256",
            ManagedBy = "file",
        });

        var refusal = await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());

        refusal.InnerException.ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe("clients_id_is_no_subject");
    }

    private IdentityDb Context() => new(new DbContextOptionsBuilder<IdentityDb>().UseNpgsql(_source).Options, TimeProvider.System);

    private async Task<List<string>> ListAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await reader.ReadAsync())
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
