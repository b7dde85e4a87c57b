using Xunit;

namespace ProviderHarness;

/// <summary>One provider for all tests of a class, which therefore leave each other's people and clients alone.</summary>
public sealed class ProviderFixture : IAsyncLifetime
{
    public Provider Provider { get; private set; } = null!;

    public async Task InitializeAsync() => Provider = await Provider.StartAsync();

    public async Task DisposeAsync() => await Provider.DisposeAsync();
}
