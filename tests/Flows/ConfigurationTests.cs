using ProviderHarness;

namespace Flows;

public sealed class ConfigurationTests : IAsyncLifetime
{
    private Provider _provider = null!;

    public async Task InitializeAsync() => _provider = await Provider.StartAsync();

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    [Fact]
    public async Task A_change_reaches_every_node_within_seconds()
    {
        await using var second = await _provider.StartSecondNodeAsync();

        await _provider.ExecuteAsync("update clients set enabled = false where id = 'machine'");
        await _provider.ExecuteAsync("select pg_notify('identity_changes', 'configuration')");

        await EventuallyAsync(async () => await ErrorOfAsync(_provider) == "invalid_client" && await ErrorOfAsync(second) == "invalid_client");
    }

    [Fact]
    public async Task A_rotated_secret_stays_rotated_and_a_disabled_client_disabled_after_a_restart()
    {
        await _provider.ExecuteAsync("update clients set enabled = false where id = 'feedogo'");
        await _provider.ExecuteAsync("update client_secrets set retired_at = created_at where client_id = 'machine'");

        await using var restarted = await _provider.StartSecondNodeAsync();

        (await ErrorOfAsync(restarted)).ShouldBe("invalid_client");
        (await restarted.TokenAsync("feedogo", ("grant_type", "client_credentials"))).Error.ShouldBe("invalid_client");
    }

    [Fact]
    [Trait("Advisory", "CVE-2026-1486")]
    public async Task A_disabled_client_refreshes_no_more()
    {
        var person = await SignedIn.AsAsync(_provider, "alice@example.com");
        var tokens = await _provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));

        await _provider.ExecuteAsync("update clients set enabled = false where id = 'storefront'");
        await _provider.ExecuteAsync("select pg_notify('identity_changes', 'configuration')");

        await EventuallyAsync(async () => (await _provider.RefreshAsync("storefront", tokens.RefreshToken)).Error == "invalid_client");
    }

    [Fact]
    [Trait("Advisory", "CVE-2026-7571")]
    public async Task A_scope_taken_from_a_client_is_issued_no_more()
    {
        var person = await SignedIn.AsAsync(_provider, "alice@example.com");
        var tokens = await _provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access members"));

        await _provider.ExecuteAsync("update clients set scopes = array_remove(scopes, 'members') where id = 'web'");
        await _provider.ExecuteAsync("select pg_notify('identity_changes', 'configuration')");

        await EventuallyAsync(async () => (await _provider.RefreshAsync("web", tokens.RefreshToken))["scope"] == "openid offline_access");
    }

    private static async Task<string?> ErrorOfAsync(Provider provider) => (await provider.TokenAsync("machine", ("grant_type", "client_credentials"))).Error;

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(100);
        }
        throw new TimeoutException("It did not come to pass within ten seconds.");
    }
}
