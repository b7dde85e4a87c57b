using Harness;

namespace IdentityProvider.Tests;

public sealed class ConfigurationFileTests
{
    private static readonly string[] GrantTypes = ["authorization_code", "refresh_token", "client_credentials", OtpGrant.Name];

    private const string Valid = """
        resources:
          members: [members, members.read]
        clients:
          shop:
            name: A shop
            authentication: [client_secret_basic]
            secrets: [0123456789abcdef0123456789abcdef]
            grants: [authorization_code, refresh_token]
            redirect_uris: ["https://shop.example.com/callback"]
            scopes: [openid, offline_access, members]
        """;

    private const string Keys =
        "{keys: [{kty: EC, crv: P-256, kid: key-1, x: f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU, y: x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0}]}";

    private static (ConfigurationFile? File, List<string> Problems) Parse(string text)
    {
        var problems = new List<string>();
        return (ConfigurationFile.Parse(text, 5100, GrantTypes, new ManualTime().Now, problems), problems);
    }

    [Fact]
    public void Is_read_as_it_was_meant()
    {
        var (file, problems) = Parse(Valid);

        problems.ShouldBeEmpty();
        file!.Origin.ShouldBeNull();
        var client = file.Rows.Clients.Single();
        client.Id.ShouldBe("shop");
        client.Enabled.ShouldBeTrue();
        client.RequirePkce.ShouldBeTrue();
        client.FirstParty.ShouldBeFalse();
        client.IdTokenAlgorithm.ShouldBe("RS256");
        client.RedirectUris.ShouldBe(["https://shop.example.com/callback"]);
        file.Rows.Secrets.Single().Sha256.ShouldBe(System.Security.Cryptography.SHA256.HashData("0123456789abcdef0123456789abcdef"u8));
        file.Rows.Scopes.Select(scope => scope.Scope).ShouldBe(["members", "members.read"]);
    }

    [Fact]
    public void Reads_everything_a_client_may_register()
    {
        var (file, problems) = Parse(Valid.Replace("[client_secret_basic]", "[client_secret_basic, private_key_jwt]", StringComparison.Ordinal) + $$"""

                jwks: {{Keys}}
                token_endpoint_auth_signing_alg: ES256
                security_profile: true
                access_token_format: reference
                backchannel_logout_uri: https://shop.example.com/back
                backchannel_logout_session_required: true
                frontchannel_logout_uri: https://shop.example.com/front
                frontchannel_logout_session_required: true
                survives_logout: true
                logo_uri: https://shop.example.com/logo.svg
                policy_uri: https://shop.example.com/policy
                tos_uri: https://shop.example.com/terms
                required_acr: urn:identity:acr:2fa
            """);

        problems.ShouldBeEmpty();
        var client = file!.Rows.ToConfiguration().FindClient("shop")!;
        client.Keys!.Keys.Single().KeyId.ShouldBe("key-1");
        client.AssertionAlgorithm.ShouldBe("ES256");
        (client.SecurityProfile, client.ReferenceTokens, client.SurvivesLogout).ShouldBe((true, true, true));
        (client.BackchannelLogoutSessionRequired, client.FrontchannelLogoutSessionRequired).ShouldBe((true, true));
        client.BackchannelLogoutUri.ShouldBe(new Uri("https://shop.example.com/back"));
        client.FrontchannelLogoutUri.ShouldBe(new Uri("https://shop.example.com/front"));
        client.LogoUri.ShouldBe(new Uri("https://shop.example.com/logo.svg"));
        client.PolicyUri.ShouldBe(new Uri("https://shop.example.com/policy"));
        client.TermsUri.ShouldBe(new Uri("https://shop.example.com/terms"));
        client.RequiredAcr.ShouldBe("urn:identity:acr:2fa");
    }

    [Fact]
    public void Reads_what_a_resource_proves_itself_with()
    {
        var (file, problems) = Parse(Valid.Replace("members: [members, members.read]", "members: {scopes: [members], secrets: [abcdef0123456789abcdef0123456789]}", StringComparison.Ordinal));

        problems.ShouldBeEmpty();
        file!.Rows.ToConfiguration().Resources.Single().Secrets.Single().Sha256
            .ShouldBe(System.Security.Cryptography.SHA256.HashData("abcdef0123456789abcdef0123456789"u8));
    }

    [Fact]
    public void Counts_ports_from_the_base()
    {
        var (file, _) = Parse(Valid.Replace("https://shop.example.com/callback", "http://localhost:{+3}/callback", StringComparison.Ordinal));

        file!.Rows.Clients.Single().RedirectUris.ShouldBe(["http://localhost:5103/callback"]);
    }

    [Fact]
    public void The_one_for_development_is_without_fault()
    {
        var file = ConfigurationFile.Read(Repository.PathOf("config/development.yaml"), 5100, GrantTypes, new ManualTime().Now);

        file.Origin.ShouldBe("development");
        file.Rows.Clients.Select(client => client.Id).ShouldContain("storefront");
        file.People.Single(person => person.Email == "bob@example.com").Password.ShouldBeNull();
    }

    [Theory]
    [InlineData("  shop:", "  0199d0a2-1111-7222-8333-444455556666:", "could be taken for a person's")]
    [InlineData("  shop:", "  \"my shop\":", "needs an id of letters")]
    [InlineData("name: A shop", "nam: A shop", "needs name")]
    [InlineData("name: A shop", "nam: A shop", "nam is not known")]
    [InlineData("[client_secret_basic]", "[client_secret_jwt]", "unknown authentication method")]
    [InlineData("[client_secret_basic]", "[none]", "neither another method nor a secret")]
    [InlineData("secrets: [0123456789abcdef0123456789abcdef]", "enabled: true", "needs secrets exactly when")]
    [InlineData("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcde", "too short or a default")]
    [InlineData("0123456789abcdef0123456789abcdef", "0123456789abcdef0123-development-secret", "too short or a default")]
    [InlineData("0123456789abcdef0123456789abcdef", "env:NO_SUCH_VARIABLE_HERE", "names a secret that is not there")]
    [InlineData("0123456789abcdef0123456789abcdef", "file:/nowhere/at/all", "names a secret that is not there")]
    [InlineData("[authorization_code, refresh_token]", "[authorization_code, password]", "unknown grant: password")]
    [InlineData("[authorization_code, refresh_token]", "[client_credentials]", "redirect_uris exactly when")]
    [InlineData("scopes: [openid", "scopes: [opnid", "unknown scope: opnid")]
    [InlineData("scopes: [openid", "id_token_algorithm: none\n    scopes: [openid", "id_token_algorithm")]
    [InlineData("scopes: [openid", "require_pkce: perhaps\n    scopes: [openid", "must be true or false")]
    [InlineData("https://shop.example.com/callback", "https://*.example.com/callback", "wildcards do not exist")]
    [InlineData("https://shop.example.com/callback", "https://shop.example.com/callback#x", "has a fragment")]
    [InlineData("https://shop.example.com/callback", "http://shop.example.com/callback", "plain http")]
    [InlineData("https://shop.example.com/callback", "javascript:alert(1)", "neither https nor")]
    [InlineData("https://shop.example.com/callback", "/callback", "not an absolute URI")]
    [InlineData("https://shop.example.com/callback", "https://me@shop.example.com/callback", "names a user")]
    [InlineData("  members: [members, members.read]", "  members: [members]\n  shop: [members]", "belongs to more than one resource")]
    [InlineData("  members: [members, members.read]", "  members: {scopes: [members, members.read], secrets: [short]}", "resources.members has a secret that is too short")]
    [InlineData("  members: [members, members.read]", "  members: {scopes: [members, members.read], audience: x}", "resources.members.audience is not known")]
    [InlineData("scopes: [openid", "access_token_format: opaque\n    scopes: [openid", "access_token_format of jwt or reference")]
    [InlineData("scopes: [openid", "required_acr: high\n    scopes: [openid", "required_acr of")]
    [InlineData("scopes: [openid", "token_endpoint_auth_signing_alg: HS256\n    scopes: [openid", "token_endpoint_auth_signing_alg of")]
    [InlineData("scopes: [openid", "jwks: {keys: [{kty: oct, k: AAAA}]}\n    scopes: [openid", "publishes private or symmetric key material")]
    [InlineData("[client_secret_basic]", "[private_key_jwt]", "needs jwks or jwks_uri exactly when")]
    [InlineData("[client_secret_basic]", "[private_key_jwt]", "needs secrets exactly when")]
    [InlineData("scopes: [openid", "jwks: {keys: []}\n    scopes: [openid", "without a key to verify signatures with")]
    [InlineData("scopes: [openid", "jwks_uri: https://a.example/jwks\n    jwks: {keys: []}\n    scopes: [openid", "both jwks and jwks_uri")]
    [InlineData("scopes: [openid", "jwks_uri: http://a.example/jwks\n    scopes: [openid", "needs a jwks_uri of https")]
    [InlineData("scopes: [openid", "backchannel_logout_uri: https://me@a.example/out\n    scopes: [openid", "needs a backchannel_logout_uri of https")]
    [InlineData("scopes: [openid", "frontchannel_logout_uri: https://a.example/out#x\n    scopes: [openid", "needs a frontchannel_logout_uri of https")]
    [InlineData("scopes: [openid", "logo_uri: javascript:alert(1)\n    scopes: [openid", "needs a logo_uri of https")]
    [InlineData("resources:", "origin: production\nresources:", "unknown origin")]
    [InlineData("resources:", "tenants: {}\nresources:", "tenants is not known")]
    [InlineData("resources:", "- ", "not valid YAML")]
    public void Says_what_is_wrong_and_where(string right, string wrong, string expected)
    {
        var (_, problems) = Parse(Valid.Replace(right, wrong, StringComparison.Ordinal));

        problems.ShouldContain(problem => problem.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://shop.example.com/callback?tenant=1")]
    [InlineData("http://127.0.0.1:8080/callback")]
    [InlineData("http://[::1]:8080/callback")]
    [InlineData("com.example.shop:/callback")]
    [InlineData("https://shop.example.com/callback?statement=1&encode=2")]
    public void Takes_redirect_URIs_that_stay_with_the_client(string uri) => RedirectUri.ProblemOf(uri).ShouldBeNull();

    // CVE-2026-9689: of two parameters of one name the client might believe the wrong one.
    [Theory]
    [InlineData("code")]
    [InlineData("state")]
    [InlineData("iss")]
    [InlineData("error")]
    [InlineData("CODE")]
    [InlineData("%63ode")]
    [Trait("Advisory", "CVE-2026-9689")]
    public void Refuses_a_redirect_URI_with_a_parameter_that_answers_have(string name) =>
        RedirectUri.ProblemOf($"https://shop.example.com/callback?tenant=1&{name}=x").ShouldNotBeNull().ShouldEndWith("which the answer to the client has");

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Refuses_a_redirect_URI_that_no_request_could_bring(int length, bool taken) =>
        (RedirectUri.ProblemOf("https://shop.example.com/".PadRight(length, 'x')) is null).ShouldBe(taken);

    [Fact]
    public void Refuses_a_public_client_that_may_do_without_PKCE_or_speak_for_itself()
    {
        var (_, problems) = Parse("""
            clients:
              app:
                name: An app
                authentication: [none]
                require_pkce: false
                grants: [client_credentials]
            """);

        problems.ShouldContain(problem => problem.Contains("require_pkce cannot be false", StringComparison.Ordinal));
        problems.ShouldContain(problem => problem.Contains("cannot have the grant client_credentials", StringComparison.Ordinal));
    }
}
