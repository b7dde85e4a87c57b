namespace IdentityProvider;

/// <summary>
/// After SIGTERM the node says "stopping" at <c>/health/ready</c> and goes on answering for as long as a balancer needs to notice
/// (<c>Shutdown:Drain</c>). Then the server takes no more connections, finishes what it began, and the process ends.
/// </summary>
internal sealed class GracefulStop(ProviderSettings settings, ILogger<GracefulStop> log) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before anything is stopped, the server included.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (settings.Drain > TimeSpan.Zero)
        {
            log.LogInformation("Stopping: not ready any more, answering for another {Drain}", settings.Drain);
            await Task.Delay(settings.Drain, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
