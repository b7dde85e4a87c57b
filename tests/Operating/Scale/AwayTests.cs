using System.Diagnostics;
using System.Net;

namespace Operating;

/// <summary>users.md E.7: PostgreSQL away for 30 s.</summary>
[Trait("Category", "Scale")]
[Collection("Scale")]
public sealed class AwayTests
{
    [Fact]
    public async Task PostgreSQL_may_be_away_for_thirty_seconds()
    {
        await using var cluster = await Cluster.StartNewAsync();
        await using var provider = await Provider.StartAsync(await cluster.AddDatabaseAsync());
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        var tokens = await provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access"));
        await cluster.StopAsync();

        var (away, documents, refused) = (Stopwatch.StartNew(), 0, 0);
        while (away.Elapsed < TimeSpan.FromSeconds(30))
        {
            foreach (var path in new[] { "/.well-known/openid-configuration", "/.well-known/openid-configuration/jwks", "/health/live" })
            {
                (await provider.Client.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
                documents++;
            }

            (await provider.TokenAsync("machine", ("grant_type", "client_credentials"))).Succeeded.ShouldBeTrue();
            var answer = await provider.RefreshAsync("web", tokens.RefreshToken);
            answer.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            refused++;
            await Task.Delay(20);
        }

        await cluster.StartAsync();
        var back = Stopwatch.StartNew();
        while (!(await provider.RefreshAsync("web", tokens.RefreshToken)).Succeeded)
        {
            back.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        }

        Figures.Print($"PostgreSQL away for {away.Elapsed.TotalSeconds:F0} s: {documents} documents answered, {refused} refreshes answered with 503; back {back.ElapsedMilliseconds} ms after it was");
    }
}
