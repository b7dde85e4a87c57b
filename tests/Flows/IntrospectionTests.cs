using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary>Tokens that are asked about and given back, over HTTP and on PostgreSQL.</summary>
public sealed class IntrospectionTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private const string Inactive = """{"active":false}""";

    private Provider Provider => fixture.Provider;

    [Theory]
    [InlineData("web")]
    [InlineData("reference-client")]
    public async Task A_resource_learns_of_tokens_addressed_to_it(string clientId)
    {
        var tokens = await SignInAsync(clientId);

        var answer = await IntrospectAsync(Provider, "members", tokens.AccessToken);

        answer["active"].ShouldBe("True");
        answer["client_id"].ShouldBe(clientId);
        answer["aud"].ShouldBe("members");
        answer["scope"].ShouldBe("openid offline_access members");
        (await IntrospectAsync(Provider, "smart-cs", tokens.AccessToken)).Body.GetRawText().ShouldBe(Inactive);
        (await IntrospectAsync(Provider, clientId, tokens.RefreshToken))["active"].ShouldBe("True");
        (await IntrospectAsync(Provider, "members", tokens.RefreshToken)).Body.GetRawText().ShouldBe(Inactive);
    }

    [Fact]
    public async Task A_reference_token_is_a_handle_that_userinfo_takes()
    {
        var tokens = await SignInAsync("reference-client");

        tokens.AccessToken.ShouldStartWith("at_");
        (await Provider.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();
        (await Provider.CountAsync("select count(*) from reference_tokens where hash = sha256($1::bytea)", System.Text.Encoding.ASCII.GetBytes(tokens.AccessToken))).ShouldBe(1);
    }

    [Fact]
    public async Task A_client_with_reference_tokens_speaks_for_itself()
    {
        var tokens = await Provider.TokenAsync("reference-client", ("grant_type", "client_credentials"), ("scope", "members.read"));

        (await IntrospectAsync(Provider, "members", tokens.AccessToken))["sub"].ShouldBe("reference-client");
        (await Provider.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("reference-client")]
    public async Task A_refresh_token_given_back_takes_everything_along(string clientId)
    {
        await using var second = await Provider.StartSecondNodeAsync();
        var tokens = await SignInAsync(clientId);

        (await RevokeAsync(Provider, clientId, tokens.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);

        (await second.RefreshAsync(clientId, tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await second.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await IntrospectAsync(second, "members", tokens.AccessToken)).Body.GetRawText().ShouldBe(Inactive);
        (await IntrospectAsync(second, clientId, tokens.RefreshToken)).Body.GetRawText().ShouldBe(Inactive);
        (await Provider.CountAsync("select count(*) from audit where event = 'grant.revoked' and client_id = $1", clientId)).ShouldBe(1);

        (await RevokeAsync(Provider, clientId, tokens.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await Provider.CountAsync("select count(*) from audit where event = 'grant.revoked' and client_id = $1", clientId)).ShouldBe(1);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("reference-client")]
    public async Task An_access_token_given_back_dies_alone(string clientId)
    {
        var tokens = await SignInAsync(clientId);

        (await RevokeAsync(Provider, clientId, tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);

        (await Provider.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await IntrospectAsync(Provider, "members", tokens.AccessToken)).Body.GetRawText().ShouldBe(Inactive);
        (await Provider.RefreshAsync(clientId, tokens.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Another_clients_token_stays()
    {
        var tokens = await SignInAsync("reference-client");

        (await RevokeAsync(Provider, "web", tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.OK);
        (await RevokeAsync(Provider, "web", tokens.RefreshToken)).Status.ShouldBe(HttpStatusCode.OK);

        (await Provider.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();
        (await Provider.RefreshAsync("reference-client", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Everything_is_inactive_once_the_session_is_ended()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("reference-client", await person.AuthorizeAsync("reference-client", "openid offline_access members"));
        await Provider.ExecuteAsync("update sessions set ended_at = now() where id = $1", person.SessionId);

        (await IntrospectAsync(Provider, "members", tokens.AccessToken)).Body.GetRawText().ShouldBe(Inactive);
        (await IntrospectAsync(Provider, "reference-client", tokens.RefreshToken)).Body.GetRawText().ShouldBe(Inactive);
    }

    // CVE-2026-9802: after a restart a revoked refresh token works again.
    [Fact]
    [Trait("Advisory", "CVE-2026-9802")]
    [Trait("Advisory", "GHSA-7mqr-2v3q-v2wm")]
    public async Task CVE_2026_9802_What_was_revoked_stays_so_when_PostgreSQL_was_killed()
    {
        await using var away = await ProviderWithOwnCluster.StartAsync();
        var provider = away.Provider;
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        var revoked = await provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access members"));
        var alone = await provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access members"));
        var reference = await provider.RedeemAsync("reference-client", await person.AuthorizeAsync("reference-client", "openid offline_access members"));
        await RevokeAsync(provider, "web", revoked.RefreshToken);
        await RevokeAsync(provider, "web", alone.AccessToken);

        await away.Cluster.KillAsync();

        // GHSA-7mqr-2v3q-v2wm.
        (await RevokeAsync(provider, "web", alone.RefreshToken)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await IntrospectAsync(provider, "members", reference.AccessToken)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        await away.Cluster.StartAsync();

        (await provider.RefreshAsync("web", revoked.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await IntrospectAsync(provider, "members", alone.AccessToken)).Body.GetRawText().ShouldBe(Inactive);
        (await IntrospectAsync(provider, "members", reference.AccessToken))["active"].ShouldBe("True");
    }

    private async Task<TokenAnswer> SignInAsync(string clientId) => await Provider.RedeemAsync(
        clientId, await (await SignedIn.AsAsync(Provider, "alice@example.com")).AuthorizeAsync(clientId, "openid offline_access members"));

    private static Task<TokenAnswer> IntrospectAsync(Provider provider, string caller, string token) =>
        provider.PostAsync("/connect/introspect", (caller, caller + "-development-secret"), ("token", token));

    private static Task<TokenAnswer> RevokeAsync(Provider provider, string clientId, string token) =>
        provider.PostAsync("/connect/revocation", (clientId, clientId + "-development-secret"), ("token", token));
}
