using Npgsql;

namespace IdentityProvider;

/// <summary>
/// Keeps what this node holds in memory as the database has it: at once when another node says that something changed (LISTEN), and every minute
/// in any case, which also moves signing keys from state to state.
/// </summary>
internal sealed class ChangeListener(ProviderSettings settings, SigningKeyRing keys, ConfigurationSnapshot configuration, NpgsqlDataSource database, SharedClock clock, ILogger<ChangeListener> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // How long a lost connection waits before it is tried again.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogWarning("Configuration and keys could not be read again, what was read last stays in force: {Reason}", e.Message);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        // A connection of its own, outside the pool: what listens is never handed to a request. The keep-alive notices a server that vanished.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.Database) { Pooling = false, KeepAlive = 30 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using (var listen = new NpgsqlCommand($"listen {Changes.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellation);
        }

        while (true)
        {
            // First, because something may have changed while nobody listened.
            await clock.AdjustAsync(database, log, cancellation);
            await keys.ReloadAsync(cancellation);
            await configuration.ReloadAsync(cancellation);
            await connection.WaitAsync(Interval, cancellation);
        }
    }
}
