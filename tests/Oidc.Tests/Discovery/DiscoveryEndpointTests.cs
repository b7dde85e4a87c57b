using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Oidc.Tests;

/// <summary>The metadata, pinned as a file and computed from what is registered; the key set; and how both are served.</summary>
public sealed class DiscoveryEndpointTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    // A change of this document changes what every client was built against: it is made here, on purpose.
    [Theory]
    [InlineData(Endpoints.Metadata)]
    [InlineData(Endpoints.AuthorizationServerMetadata)]
    public async Task Publishes_the_pinned_metadata(string path) =>
        (await _provider.GetAsync(path)).Body.Split('\n').ShouldBe(await File.ReadAllLinesAsync("Discovery/openid-configuration.json"));

    [Fact]
    public async Task Lists_a_grant_because_it_is_registered()
    {
        using var provider = new TestProvider(services => services.AddSingleton<IGrant, OtpGrant>());

        Strings(await provider.GetAsync(Endpoints.Metadata), "grant_types_supported").ShouldBe(["authorization_code", "client_credentials", "refresh_token", "urn:identity:grant-type:otp"]);
    }

    [Fact]
    public async Task Lists_a_scope_as_soon_as_it_is_configured()
    {
        using var provider = new TestProvider(services => services.AddSingleton<IConfigurationSource>(new FixedConfiguration(
            new Configuration([], [new Resource("library", ["books.read"])]))));

        Strings(await provider.GetAsync(Endpoints.Metadata), "scopes_supported").ShouldBe(["openid", "profile", "email", "phone", "address", "offline_access", "books.read"]);
    }

    [Fact]
    public async Task Makes_the_document_anew_when_the_configuration_is_replaced()
    {
        var configuration = new FixedConfiguration(new Configuration([], []));
        using var provider = new TestProvider(services => services.AddSingleton<IConfigurationSource>(configuration));
        Strings(await provider.GetAsync(Endpoints.Metadata), "scopes_supported").ShouldNotContain("books.read");

        configuration.Current = new Configuration([], [new Resource("library", ["books.read"])]);

        Strings(await provider.GetAsync(Endpoints.Metadata), "scopes_supported").ShouldContain("books.read");
    }

    // Every endpoint that is published answers, and under the issuer's own name whatever host was asked.
    [Fact]
    public async Task Publishes_endpoints_that_exist()
    {
        var metadata = (await _provider.GetAsync(Endpoints.Metadata)).Json;
        var uris = metadata.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri").Select(member => member.Value.GetString()!).ToArray();

        uris.Length.ShouldBe(7);
        foreach (var uri in uris)
        {
            uri.ShouldStartWith(TestProvider.Issuer + "/");
            (await _provider.SendAsync("PUT", uri[TestProvider.Issuer.Length..])).Status.ShouldBe(405);
        }
    }

    // OpenID conformance, oidcc-config: claims are what userinfo and ID token can say.
    [Fact]
    public async Task Lists_every_claim_that_it_can_give()
    {
        var tokens = await _provider.SignInAsync("openid profile email phone address members");
        var given = (await _provider.UserInfoAsync(tokens)).Json.EnumerateObject().Select(claim => claim.Name);

        given.ShouldBeSubsetOf(Strings(await _provider.GetAsync(Endpoints.Metadata), "claims_supported"));
    }

    [Fact]
    public async Task Lists_the_algorithms_that_the_ring_signs_ID_tokens_with()
    {
        var algorithms = Strings(await _provider.GetAsync(Endpoints.Metadata), "id_token_signing_alg_values_supported");

        algorithms.ShouldContain("RS256");
        algorithms.ShouldAllBe(algorithm => Keyring.Default.ActiveFor(algorithm).Algorithm == algorithm);
    }

    [Fact]
    public async Task Publishes_the_keys_in_force()
    {
        (await _provider.GetAsync(Endpoints.Jwks)).Json.GetProperty("keys").GetArrayLength().ShouldBe(3);

        _provider.Keys.Current = Keyring.RotatedTo(KeyState.Retired);
        (await _provider.GetAsync(Endpoints.Jwks)).Json.GetProperty("keys").GetArrayLength().ShouldBe(6);
    }

    [Theory]
    [InlineData(Endpoints.Metadata)]
    [InlineData(Endpoints.AuthorizationServerMetadata)]
    [InlineData(Endpoints.Jwks)]
    public async Task Says_for_how_long_the_document_may_be_kept(string path)
    {
        var answer = await _provider.GetAsync(path);

        answer.Status.ShouldBe(200);
        answer.Headers.ContentType.ToString().ShouldBe("application/json");
        answer.Headers.ContentLength.ShouldBe(answer.Body.Length);
        answer.Headers.XContentTypeOptions.ToString().ShouldBe("nosniff");
        answer.Headers.CacheControl.ToString().ShouldBe("public, max-age=300");
        new KeyPeriods().Announce.ShouldBeGreaterThan(TimeSpan.FromSeconds(300));
    }

    [Theory]
    [InlineData(Endpoints.Metadata)]
    [InlineData(Endpoints.Jwks)]
    public async Task Answers_HEAD_as_GET_without_the_body(string path)
    {
        var get = await _provider.GetAsync(path);

        var head = await _provider.SendAsync("HEAD", path);

        (head.Status, head.Headers.ContentLength, head.Body).ShouldBe((200, get.Headers.ContentLength, ""));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Serves_GET_and_HEAD_only(string method)
    {
        var answer = await _provider.SendAsync(method, Endpoints.Jwks);

        answer.ShouldRefuse("invalid_request", 405);
        answer.Headers.Allow.ToString().ShouldBe("GET, HEAD");
    }

    [Fact]
    public async Task Answers_whatever_the_query_says_and_while_the_store_is_away()
    {
        _provider.Store.IsAway = true;

        (await _provider.SendAsync("GET", Endpoints.Metadata, request => request.QueryString = new QueryString("?a=%FF&a=1"))).Status.ShouldBe(200);
        (await _provider.GetAsync(Endpoints.Jwks)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration/")]
    [InlineData("/.well-known/OpenID-Configuration")]
    [InlineData("/.well-known/openid-configuration/jwks/x")]
    [InlineData("/connect/token/")]
    [InlineData("/")]
    public async Task Leaves_every_other_path_alone(string path) => (await _provider.GetAsync(path)).Status.ShouldBe(404);

    private static string[] Strings(Answer answer, string member) => [.. answer.Json.GetProperty(member).EnumerateArray().Select(item => item.GetString()!)];

    private sealed class OtpGrant : IGrant
    {
        public string Type => "urn:identity:grant-type:otp";

        public Task<GrantOutcome> DecideAsync(TokenRequest request, CancellationToken cancellation) => Task.FromResult<GrantOutcome>(OAuthError.InvalidGrant("never"));
    }

    private sealed class FixedConfiguration(Configuration configuration) : IConfigurationSource
    {
        public Configuration Current { get; set; } = configuration;
    }
}
