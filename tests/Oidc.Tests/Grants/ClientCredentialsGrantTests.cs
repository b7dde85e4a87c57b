namespace Oidc.Tests;

/// <summary>RFC 6749 §4.4: a client that acts for itself.</summary>
public sealed class ClientCredentialsGrantTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Gives_every_API_scope_the_client_holds_without_a_round_trip()
    {
        var tokens = await GiveAsync(Flow.ClientCredentials);

        tokens.Scope.ShouldBe("leads.write members.read");
        tokens.AccessToken["aud"].ShouldBe("""["smart-cs","members"]""");
        (tokens.HasRefreshToken, tokens.HasIdToken).ShouldBe((false, false));
        _provider.Store.RoundTrips.ShouldBe(0);
    }

    [Fact]
    public async Task Speaks_for_the_client_and_for_no_person()
    {
        var token = (await GiveAsync(Flow.ClientCredentials)).AccessToken;

        (token["sub"], token["client_id"]).ShouldBe(("machine", "machine"));
        token.ClaimNames.ShouldBe(["iss", "aud", "sub", "client_id", "iat", "exp", "jti", "scope"]);
    }

    [Fact]
    public async Task Gives_the_scope_that_is_asked_for()
    {
        var tokens = await GiveAsync(Flow.ClientCredentials.With("scope", "leads.write"));

        (tokens.Scope, tokens.AccessToken["aud"]).ShouldBe(("leads.write", "smart-cs"));
    }

    [Fact]
    public async Task Narrows_to_the_resource_that_is_named()
    {
        var tokens = await GiveAsync(Flow.ClientCredentials.With("resource", "urn:identity:resource:members"));

        (tokens.Scope, tokens.AccessToken["aud"]).ShouldBe(("members.read", "members"));
    }

    [Fact]
    public async Task Refuses_a_resource_of_which_no_scope_is_asked() =>
        (await _provider.TokenAsync(Flow.ClientCredentials.With("scope", "leads.write").With("resource", "urn:identity:resource:members"), Flow.MachineCredentials))
            .ShouldRefuse("invalid_target");

    [Theory]
    [InlineData("openid")]
    [InlineData("offline_access")]
    [InlineData("members.read openid")]
    [InlineData("profile")]
    public async Task Refuses_scopes_about_a_person(string scope)
    {
        _provider.Configuration.Put(TestConfiguration.Machine with { Scopes = TestConfiguration.Set("openid", "offline_access", "profile", "members.read") });

        (await _provider.TokenAsync(Flow.ClientCredentials.With("scope", scope), Flow.MachineCredentials)).ShouldRefuse("invalid_scope");
        (await GiveAsync(Flow.ClientCredentials)).Scope.ShouldBe("members.read");
    }

    [Fact]
    public async Task Refuses_a_client_that_holds_no_API_scope()
    {
        _provider.Configuration.Put(TestConfiguration.Machine with { Scopes = TestConfiguration.Set("openid") });

        (await _provider.TokenAsync(Flow.ClientCredentials, Flow.MachineCredentials)).ShouldRefuse("invalid_scope");
    }

    [Fact]
    public async Task Refuses_a_public_client_even_one_that_registered_it()
    {
        _provider.Configuration.Put(TestConfiguration.Spa with { GrantTypes = TestConfiguration.Set("client_credentials") });

        (await _provider.TokenAsync(Flow.ClientCredentials.With("client_id", "spa"))).ShouldRefuse("unauthorized_client");
    }

    private Task<Tokens> GiveAsync(Form form) => _provider.TokensAsync(form, Flow.MachineCredentials);
}
