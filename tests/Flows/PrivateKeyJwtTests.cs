using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary><c>jwt-client</c> proves itself with the key in <c>config/</c>.</summary>
public sealed class PrivateKeyJwtTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private Provider Provider => fixture.Provider;

    [Fact]
    public async Task A_client_with_a_key_gets_tokens_of_its_own()
    {
        var answer = await Provider.TokenAsync("jwt-client", ("grant_type", "client_credentials"));

        answer.Succeeded.ShouldBeTrue();
        DatabaseLooks.PayloadOf(answer.AccessToken).GetProperty("client_id").GetString().ShouldBe("jwt-client");
    }

    [Fact]
    public async Task A_client_with_a_key_redeems_codes_and_refreshes()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("jwt-client", await person.AuthorizeAsync("jwt-client", "openid offline_access members"));

        (await Provider.RefreshAsync("jwt-client", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    // CVE-2020-5300, CVE-2020-15222: also on another node.
    [Fact]
    [Trait("Advisory", "CVE-2020-5300")]
    [Trait("Advisory", "CVE-2020-15222")]
    public async Task CVE_2020_5300_and_15222_An_assertion_is_used_once_on_two_nodes()
    {
        await using var second = await Provider.StartSecondNodeAsync();
        var assertion = Assertions.Parameters(Assertions.Of(Provider));

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(index => UseAsync(index % 2 == 0 ? Provider : second, assertion)));

        answers.Count(answer => answer.Succeeded).ShouldBe(1);
        answers.Where(answer => !answer.Succeeded).ShouldAllBe(answer => answer.Error == "invalid_client" || answer.Error == "slow_down");
    }

    [Fact]
    public async Task An_assertion_stays_used_when_PostgreSQL_was_killed_in_between()
    {
        await using var away = await ProviderWithOwnCluster.StartAsync();
        var assertion = Assertions.Parameters(Assertions.Of(away.Provider));
        (await UseAsync(away.Provider, assertion)).Succeeded.ShouldBeTrue();

        await away.Cluster.KillAsync();
        (await UseAsync(away.Provider, assertion)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await away.Cluster.StartAsync();

        (await UseAsync(away.Provider, assertion)).Error.ShouldBe("invalid_client");
        (await UseAsync(away.Provider, Assertions.Parameters(Assertions.Of(away.Provider)))).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task An_assertion_is_forgotten_once_it_could_not_be_used_anyway()
    {
        await UseAsync(Provider, Assertions.Parameters(Assertions.Of(Provider)));

        (await Provider.CountAsync("select count(*) from used_assertions where expires_at > $1", Provider.Time.Now + TimeSpan.FromMinutes(5))).ShouldBe(0);
    }

    private static Task<TokenAnswer> UseAsync(Provider provider, (string, string)[] assertion) =>
        provider.PostAsync("/connect/token", null, [("grant_type", "client_credentials"), .. assertion]);
}
