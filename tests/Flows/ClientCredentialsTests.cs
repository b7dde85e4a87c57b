using System.Net;
using ProviderHarness;

namespace Flows;

public sealed class ClientCredentialsTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private Provider Provider => fixture.Provider;

    [Fact]
    public async Task Give_every_scope_the_client_holds()
    {
        var answer = await Provider.TokenAsync("machine", ("grant_type", "client_credentials"));

        answer.Succeeded.ShouldBeTrue();
        answer["scope"].ShouldBe("leads.write members.read");
        answer["refresh_token"].ShouldBeNull();
        var claims = DatabaseLooks.PayloadOf(answer.AccessToken);
        claims.GetProperty("sub").GetString().ShouldBe("machine");
        claims.GetProperty("aud").EnumerateArray().Select(name => name.GetString()).ShouldBe(["smart-cs", "members"]);
    }

    [Fact]
    public async Task Give_the_scope_asked_for_and_its_audience()
    {
        var answer = await Provider.TokenAsync("machine", ("grant_type", "client_credentials"), ("scope", "members.read"));

        DatabaseLooks.PayloadOf(answer.AccessToken).GetProperty("aud").GetString().ShouldBe("members");
    }

    [Theory]
    [InlineData("scope", "feedogo.redeem", "invalid_scope")]
    [InlineData("scope", "openid", "invalid_scope")]
    [InlineData("resource", "urn:identity:resource:feedogo", "invalid_target")]
    [InlineData("resource", "https://members.example.com", "invalid_target")]
    public async Task Refuse_what_the_client_does_not_hold(string parameter, string value, string error) =>
        (await Provider.TokenAsync("machine", ("grant_type", "client_credentials"), (parameter, value))).Error.ShouldBe(error);

    [Theory]
    [InlineData("web", "unauthorized_client")]
    [InlineData("storefront", "unauthorized_client")]
    public async Task Are_refused_to_a_client_without_the_grant(string clientId, string error) =>
        (await Provider.TokenAsync(clientId, ("grant_type", "client_credentials"))).Error.ShouldBe(error);

    [Theory]
    [InlineData("machine", "wrong-development-secret")]
    [InlineData("machine", "")]
    [InlineData("nobody", "machine-development-secret")]
    [InlineData("web", "machine-development-secret")]
    public async Task Are_refused_without_the_clients_secret(string clientId, string secret)
    {
        var answer = await Provider.TokenAsync(clientId, secret, ("grant_type", "client_credentials"));

        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Error.ShouldBe("invalid_client");
        answer.Headers.WwwAuthenticate.Single().Scheme.ShouldBe("Basic");
    }

    [Fact]
    public async Task Ask_nothing_of_the_database()
    {
        await using var away = await ProviderWithOwnCluster.StartAsync();
        await away.Cluster.StopAsync();

        (await away.Provider.TokenAsync("machine", ("grant_type", "client_credentials"))).Succeeded.ShouldBeTrue();
    }
}
