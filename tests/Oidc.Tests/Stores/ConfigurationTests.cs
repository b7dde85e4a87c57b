using System.Collections.Frozen;

namespace Oidc.Tests;

/// <summary>One consistent world: clients, resources, scopes and origins as they were configured.</summary>
public sealed class ConfigurationTests
{
    // Browsers send a host in lower case and punycode, and no default port.
    [Theory]
    [InlineData("https://app.example/callback", "https://app.example")]
    [InlineData("https://APP.example/callback?x=1", "https://app.example")]
    [InlineData("https://app.example:443/callback", "https://app.example")]
    [InlineData("http://app.example:80/callback", "http://app.example")]
    [InlineData("http://localhost:5103/callback", "http://localhost:5103")]
    [InlineData("http://127.0.0.1:5103/callback", "http://127.0.0.1:5103")]
    [InlineData("http://[::1]:5103/callback", "http://[::1]:5103")]
    [InlineData("https://bücher.example/callback", "https://xn--bcher-kva.example")]
    public void Knows_the_origin_of_a_redirect_URI_as_browsers_write_it(string redirectUri, string origin) =>
        OriginsOf(TestConfiguration.Spa with { RedirectUris = TestConfiguration.Set(redirectUri) }).ShouldBe([origin]);

    [Theory]
    [InlineData("com.example.app:/callback")]
    [InlineData("app://callback")]
    [InlineData("callback")]
    public void Knows_no_origin_of_an_app(string redirectUri) =>
        OriginsOf(TestConfiguration.Spa with { RedirectUris = TestConfiguration.Set(redirectUri) }).ShouldBeEmpty();

    [Fact]
    public void Finds_clients_by_their_exact_id()
    {
        var configuration = new TestConfiguration().Current;

        configuration.FindClient("spa").ShouldBe(TestConfiguration.Spa);
        configuration.FindClient("SPA").ShouldBeNull();
        configuration.FindClient("").ShouldBeNull();
    }

    [Fact]
    public void Finds_a_resource_by_its_URI_and_by_its_scopes()
    {
        var configuration = new TestConfiguration().Current;

        configuration.FindResource("urn:identity:resource:members")!.Name.ShouldBe("members");
        configuration.FindResource("members").ShouldBeNull();
        configuration.ResourceOf("leads.read")!.Name.ShouldBe("smart-cs");
        configuration.ResourceOf("openid").ShouldBeNull();
    }

    // Of whom a token with that scope would be for could not be said.
    [Fact]
    public void Takes_no_scope_of_two_resources() =>
        Should.Throw<ArgumentException>(() => new Configuration([], [new Resource("a", ["read"]), new Resource("b", ["read"])]));

    [Fact]
    public void Takes_no_two_clients_of_one_id() => Should.Throw<ArgumentException>(() => new Configuration([TestConfiguration.Spa, TestConfiguration.Spa], []));

    [Theory]
    [InlineData("none", true, true)]
    [InlineData("client_secret_basic", false, false)]
    [InlineData("client_secret_basic client_secret_post", false, false)]
    [InlineData("none client_secret_basic", true, true)]
    public void A_client_that_may_come_without_a_secret_is_public_and_rotates(string methods, bool isPublic, bool rotates)
    {
        var client = TestConfiguration.Web with { AuthenticationMethods = TestConfiguration.Set(methods.Split(' ')) };

        (client.IsPublic, client.RotatesRefreshTokens).ShouldBe((isPublic, rotates));
    }

    private static FrozenSet<string> OriginsOf(Client client) => new Configuration([client], []).CorsOrigins;
}
