using System.Diagnostics;
using System.Net;
using ProviderHarness;

namespace Flows;

public sealed class OutageTests
{
    [Fact]
    public async Task Keeps_metadata_and_keys_answers_503_quickly_and_recovers_alone()
    {
        await using var away = await ProviderWithOwnCluster.StartAsync();
        var provider = away.Provider;
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        var tokens = await provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));
        var code = await person.AuthorizeAsync("storefront", "openid");

        await away.Cluster.StopAsync();

        foreach (var path in new[] { "/.well-known/openid-configuration", "/.well-known/openid-configuration/jwks", "/health/live" })
        {
            (await provider.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        (await provider.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await ShouldBeUnavailableAsync(() => provider.RefreshAsync("storefront", tokens.RefreshToken));
        await ShouldBeUnavailableAsync(() => provider.RedeemAsync("storefront", code));
        await ShouldBeUnavailableAsync(() => provider.UserInfoAsync(tokens.AccessToken));

        await away.Cluster.StartAsync();

        (await provider.Client.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await provider.RedeemAsync("storefront", code)).Succeeded.ShouldBeTrue();
        (await provider.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();
        (await provider.RefreshAsync("storefront", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    // Connections that were cut while idle, or while they worked, cost nobody more than one 503.
    [Fact]
    public async Task Survives_a_restart_of_PostgreSQL_under_load()
    {
        await using var away = await ProviderWithOwnCluster.StartAsync();
        var provider = away.Provider;
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        var tokens = await provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access"));
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 8).Select(_ => CallUntilAsync(provider, tokens.AccessToken, stop.Token)).ToArray();

        await away.Cluster.StopAsync();
        await away.Cluster.StartAsync();
        await stop.CancelAsync();

        var statuses = (await Task.WhenAll(callers)).SelectMany(seen => seen).Distinct().ToList();
        statuses.ShouldBeSubsetOf([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        (await provider.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();
        provider.Log.Lines.ShouldNotContain(line => line.Contains("Unexpected failure", StringComparison.Ordinal));
    }

    private static async Task ShouldBeUnavailableAsync(Func<Task<TokenAnswer>> call)
    {
        var watch = Stopwatch.StartNew();
        var answer = await call();
        answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Error.ShouldBe("temporarily_unavailable");
        answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static async Task<HashSet<HttpStatusCode>> CallUntilAsync(Provider provider, string accessToken, CancellationToken stop)
    {
        var seen = new HashSet<HttpStatusCode>();
        while (!stop.IsCancellationRequested)
        {
            seen.Add((await provider.UserInfoAsync(accessToken)).Status);
        }

        return seen;
    }
}
