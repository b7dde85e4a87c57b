using Oidc;

namespace Attacks;

/// <summary>The two documents that are the same for everybody.</summary>
public sealed class FixedDocumentAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    [Theory]
    [InlineData(Endpoints.Metadata)]
    [InlineData(Endpoints.AuthorizationServerMetadata)]
    [InlineData(Endpoints.Jwks)]
    public async Task Are_the_same_whatever_is_asked_along(string path)
    {
        var document = (await SendAsync(Shot.Get(path))).Body;

        foreach (var (name, form, _) in Mutations.Of(Form.Of(("unknown", "x"))))
        {
            (await SendAsync(Shot.Get(path, form))).Body.ShouldBe(document, name);
        }
    }

    // CVE-2026-29067 and A.0: the configured issuer wins over everything a request says about hosts.
    [Theory]
    [InlineData("Host", "attacker.example")]
    [InlineData("X-Forwarded-Host", "attacker.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/attacker")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Original-Host", "attacker.example")]
    [InlineData("X-HTTP-Host-Override", "attacker.example")]
    [InlineData("Forwarded", "host=attacker.example;proto=https")]
    [InlineData("X-Original-URL", "/connect/token")]
    [InlineData("X-Rewrite-URL", "/connect/token")]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [Trait("Advisory", "CVE-2026-29067")]
    [Trait("Advisory", "GHSA-2wmj-46rj-qm2w")]
    public async Task Believe_no_header_about_where_they_are(string name, string value)
    {
        var reply = await SendAsync(Shot.Get(Endpoints.Metadata).With(name, value));

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("issuer").GetString().ShouldBe(Provider.Issuer);
        reply.Body.ShouldNotContain("attacker");
    }

    [Fact]
    public async Task Publish_no_private_member() =>
        (await SendAsync(Shot.Get(Endpoints.Jwks))).Json.GetProperty("keys").EnumerateArray()
            .SelectMany(key => key.EnumerateObject().Select(member => member.Name))
            .ShouldBeSubsetOf(["kty", "use", "alg", "kid", "n", "e", "crv", "x", "y"]);

    // CVE-2026-37977.
    [Theory]
    [InlineData("https://attacker.example")]
    [InlineData("null")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:1")]
    [InlineData("é")]
    [Trait("Advisory", "CVE-2026-37977")]
    public async Task Are_readable_by_no_other_origin(string origin)
    {
        foreach (var shot in new[] { Shot.Get(Endpoints.Metadata), new Shot("OPTIONS", Endpoints.Token), Shot.Post(Endpoints.Token, Requests.ClientCredentials) })
        {
            (await SendAsync(shot.With("Origin", origin))).Headers.ShouldNotContain(header => header.Name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }
}
