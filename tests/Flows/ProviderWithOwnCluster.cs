using Harness;
using ProviderHarness;

namespace Flows;

/// <summary>A provider whose PostgreSQL a test may take away.</summary>
internal sealed record ProviderWithOwnCluster(Cluster Cluster, Provider Provider) : IAsyncDisposable
{
    public static async Task<ProviderWithOwnCluster> StartAsync()
    {
        var cluster = await Cluster.StartNewAsync();
        var database = await cluster.AddDatabaseAsync();
        return new ProviderWithOwnCluster(cluster, await Provider.StartAsync(database));
    }

    public async ValueTask DisposeAsync()
    {
        await Provider.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
