namespace Conformance;

/// <summary>The one module of the configuration profile.</summary>
[Plan("oidcc-config")]
[Collection(TestedProviderCollection.Name)]
public sealed class ConfigPlan(TestedProvider provider)
{
    private const string Path = "/.well-known/openid-configuration";

    [Module("oidcc-discovery-endpoint-verification")]
    public async Task Publishes_where_and_how_it_is_spoken_to()
    {
        var reply = await provider.GetAsync(TestedProvider.Issuer + Path);
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.MediaType.ShouldBe("application/json");
        var metadata = reply.Json;

        // Discovery §3 and §4.3.
        metadata.GetProperty("issuer").GetString().ShouldBe(TestedProvider.Issuer);
        Metadata.ShouldBeHttps(TestedProvider.Issuer);
        new Uri(TestedProvider.Issuer).Query.ShouldBeEmpty();
        Metadata.ShouldBeKnownAndTyped(metadata);
        foreach (var required in new[] { "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri" })
        {
            metadata.GetProperty(required).GetString()!.ShouldStartWith(TestedProvider.Issuer + "/");
        }

        ListOf(metadata, "response_types_supported").ShouldContain("code");
        ListOf(metadata, "subject_types_supported").ShouldBeSubsetOf(["public", "pairwise"]);
        ListOf(metadata, "id_token_signing_alg_values_supported").ShouldContain("RS256");
        ListOf(metadata, "grant_types_supported").ShouldContain("authorization_code");
        ListOf(metadata, "claims_supported").ShouldContain("sub");
        ListOf(metadata, "code_challenge_methods_supported").ShouldContain("S256");
        Metadata.ShouldBeLanguages(ListOf(metadata, "ui_locales_supported"));
        Metadata.ShouldBeLanguages(OptionalListOf(metadata, "claims_locales_supported"));
        if (OptionalListOf(metadata, "request_object_signing_alg_values_supported") is { Length: > 0 } algorithms)
        {
            algorithms.ShouldContain("RS256");
        }

        // RFC 6749 appendix A.4.
        var scopes = ListOf(metadata, "scopes_supported");
        scopes.ShouldContain("openid");
        string.Concat(scopes).ShouldMatch(@"^[\x21\x23-\x5B\x5D-\x7E]+\z");

        await PublishedKeys.FetchAsync(provider);
    }

    private static string[] ListOf(JsonElement metadata, string name) => [.. metadata.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    private static string[] OptionalListOf(JsonElement metadata, string name) => metadata.TryGetProperty(name, out _) ? ListOf(metadata, name) : [];
}
