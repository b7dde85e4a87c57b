using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>Applies the configuration file at start, as far as it manages the rows, and refuses what Production must not run with.</summary>
internal sealed class ConfigurationApply(
    NpgsqlDataSource database, ConfigurationStore store, ConfiguredPeople people, ProviderSettings settings, IEnumerable<IGrant> grants, TimeProvider time, ILogger<ConfigurationApply> log)
{
    private const string DevelopmentRowsSql = """
        select exists (select from clients where origin = 'development') or exists (select from client_secrets where origin = 'development')
            or exists (select from resources where origin = 'development') or exists (select from resource_secrets where origin = 'development')
            or exists (select from people where origin = 'development')
        """;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!settings.Development)
        {
            await RefuseDevelopmentRowsAsync(cancellation);
        }

        if (settings.ConfigurationFile is not { } path)
        {
            return;
        }

        var now = time.GetUtcNow();
        var file = ConfigurationFile.Read(path, settings.PortBase, [.. grants.Select(grant => grant.Type)], now);
        if (file.Origin == ConfigurationFile.Development && !settings.Development)
        {
            throw new StartRefusedException($"Configuration:File names {path}, which is for development; give one without the origin development.");
        }

        // Most starts change nothing, and then nobody waits for anybody.
        if (!ConfigurationPlan.Between(file.Rows, (await store.ReadAsync(cancellation)).Rows, now).IsEmpty)
        {
            await ApplyAsync(file, now, cancellation);
        }

        await people.CreateMissingAsync(file, cancellation);
    }

    private async Task ApplyAsync(ConfigurationFile file, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var held = await AdvisoryLock.TakeAsync(database, AdvisoryLock.Configuration, cancellation);
        // Another node may have applied the same file meanwhile.
        var plan = ConfigurationPlan.Between(file.Rows, (await store.ReadAsync(cancellation)).Rows, now);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var row in plan.Resources)
        {
            await ConfigurationStore.SaveAsync(connection, row, cancellation);
        }

        foreach (var row in plan.Scopes)
        {
            await ConfigurationStore.AddAsync(connection, row, cancellation);
        }

        foreach (var row in plan.ResourceSecrets)
        {
            await ConfigurationStore.AddAsync(connection, row, cancellation);
        }

        foreach (var row in plan.Clients)
        {
            await ClientTable.SaveAsync(connection, row, cancellation);
        }

        foreach (var row in plan.Secrets)
        {
            await ConfigurationStore.AddAsync(connection, row, cancellation);
        }

        await transaction.CommitAsync(cancellation);
        await Changes.NotifyAsync(database, Changes.Configuration, cancellation);
        foreach (var line in plan.Lines)
        {
            log.LogInformation("Configuration: {Line}", line);
        }
    }

    private async Task RefuseDevelopmentRowsAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(DevelopmentRowsSql);
        if (await command.ExecuteScalarAsync(cancellation) is true)
        {
            throw new StartRefusedException("ConnectionStrings:Identity names a database that holds development clients or people, whose secrets everybody knows; "
                + "give Production a database of its own.");
        }
    }
}
