using Npgsql;

namespace IdentityProvider;

/// <summary>
/// What must be true before the first request: schema, keys, configuration. Runs before the server listens, so an answer is never half an answer; what
/// does not depend on each other runs side by side.
/// </summary>
internal sealed class Startup(IServiceProvider services, NpgsqlDataSource database, SigningKeyRing keys, ConfigurationSnapshot configuration, TimeProvider time, ILogger<Startup> log)
    : IHostedLifecycleService
{
    // A provider that starts beside its PostgreSQL waits for it this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        DataProtectionRegistration.RefuseForgeableRuntime();
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                await PrepareAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (IsOutage(e) && time.GetElapsedTime(since) < Patience)
            {
                // Every step may be done again: what was finished is found finished.
                log.LogWarning("Waiting for PostgreSQL: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
            catch (Exception e) when (IsOutage(e))
            {
                throw new StartRefusedException($"ConnectionStrings:Identity names a PostgreSQL that does not answer: {e.Message}");
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task ConfigureAsync(CancellationToken cancellation)
    {
        await services.GetRequiredService<ConfigurationApply>().RunAsync(cancellation);
        await services.GetRequiredService<ConfiguredPeople>().CreateAdministratorAsync(cancellation);
        await configuration.ReloadAsync(cancellation);
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await services.GetRequiredService<SharedClock>().AdjustAsync(database, log, cancellation);
        await SchemaMigrator.MigrateAsync(database, time, cancellation);
        await Task.WhenAll(keys.ReloadAsync(cancellation), DataProtectionRegistration.LoadRingAsync(services, cancellation), ConfigureAsync(cancellation));
    }

    private static bool IsOutage(Exception exception) => exception is Oidc.StoreUnavailableException || StoreFailure.IsOutage(exception);
}
