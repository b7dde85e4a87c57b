namespace IdentityProvider;

/// <summary>The configuration in force on this node: read at start, again when another node says so, and every minute in case nobody could.</summary>
public sealed class ConfigurationSnapshot(ConfigurationStore store, ILogger<ConfigurationSnapshot> log) : Oidc.IConfigurationSource
{
    private sealed record Snapshot(Oidc.Configuration Configuration, string Fingerprint);

    private Snapshot? _snapshot;

    public Oidc.Configuration Current =>
        Volatile.Read(ref _snapshot)?.Configuration ?? throw new InvalidOperationException("The configuration is read before the first request is.");

    public bool Loaded => Volatile.Read(ref _snapshot) is not null;

    public async Task ReloadAsync(CancellationToken cancellation)
    {
        var known = Volatile.Read(ref _snapshot);
        if (known is not null && known.Fingerprint == await store.FingerprintAsync(cancellation))
        {
            return;
        }

        var (rows, fingerprint) = await store.ReadAsync(cancellation);
        Volatile.Write(ref _snapshot, new Snapshot(rows.ToConfiguration(), fingerprint));
        log.LogInformation("Configuration in force: {Clients} clients, {Resources} resources", rows.Clients.Count, rows.Resources.Count);
    }
}
