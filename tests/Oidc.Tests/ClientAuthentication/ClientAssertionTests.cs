using System.Security.Cryptography;
using System.Text;
using Jose;

namespace Oidc.Tests;

/// <summary>private_key_jwt, and every wrong form of an assertion. What is refused is never spent.</summary>
public sealed class ClientAssertionTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public ClientAssertionTests()
    {
        _provider.Configuration.Put(AssertionOf.Signer);
        _provider.Configuration.Put(AssertionOf.Signer with { Id = "rsa-signer", Keys = new JwkSet([AssertionOf.Rsa.PublicKey]) });
    }

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData("\"https://login.example\"")]
    [InlineData("\"https://login.example/connect/token\"")]
    [InlineData("[\"https://login.example\"]")]
    [InlineData("[\"https://other.example\",\"https://login.example/connect/token\"]")]
    public async Task Takes_an_assertion_for_the_issuer_or_the_token_endpoint(string audience) => await AcceptsAsync(new AssertionOf { Audience = audience });

    [Theory]
    [InlineData("\"https://login.example/\"")]
    [InlineData("\"https://login.example/connect/authorize\"")]
    [InlineData("\"https://attacker.example\"")]
    [InlineData("\"HTTPS://login.example\"")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{\"iss\":\"https://login.example\"}")]
    [InlineData("[[\"https://login.example\"]]")]
    public async Task Refuses_an_assertion_for_somebody_else(string audience) => await RefusesAsync(new AssertionOf { Audience = audience });

    // FAPI 2.0 §5.3.2.1.
    [Theory]
    [InlineData("\"https://login.example\"", true)]
    [InlineData("\"https://login.example/connect/token\"", false)]
    [InlineData("[\"https://login.example\"]", false)]
    [InlineData("[\"https://login.example\",\"https://other.example\"]", false)]
    public async Task Wants_the_issuer_alone_of_a_client_of_the_security_profile(string audience, bool accepted)
    {
        _provider.Configuration.Put(AssertionOf.Signer with { SecurityProfile = true });

        await (accepted ? AcceptsAsync(new AssertionOf { Audience = audience }) : RefusesAsync(new AssertionOf { Audience = audience }));
    }

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("exp")]
    [InlineData("jti")]
    public async Task Refuses_an_assertion_without_a_claim_it_needs(string claim) => await RefusesAsync(new AssertionOf { Without = claim });

    [Theory]
    [InlineData("iat")]
    [InlineData("nbf")]
    public async Task Needs_no_time_but_its_end(string claim) => await AcceptsAsync(new AssertionOf { Without = claim });

    [Theory]
    [InlineData("\"rsa-signer\"", "\"signer\"")]
    [InlineData("\"signer\"", "\"rsa-signer\"")]
    [InlineData("\"unknown\"", "\"unknown\"")]
    [InlineData("\"signer\"", "\"\"")]
    [InlineData("[\"signer\"]", "\"signer\"")]
    [InlineData("\"signer\"", "[\"signer\"]")]
    [InlineData("\"SIGNER\"", "\"SIGNER\"")]
    [InlineData("\"https://login.example\"", "\"signer\"")]
    public async Task Refuses_an_assertion_whose_issuer_or_subject_is_another(string issuer, string subject) =>
        await RefusesAsync(new AssertionOf { Issuer = issuer, Subject = subject });

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    public async Task Takes_an_assertion_while_it_lives(double expires) => await AcceptsAsync(new AssertionOf { Expires = expires });

    // CVE-2025-2559: an end in the far future would have to be remembered until then.
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(301)]
    [InlineData(3_600)]
    [InlineData(1e12)]
    [Trait("Advisory", "CVE-2025-2559")]
    public async Task Refuses_an_assertion_that_is_over_or_lives_too_long(double expires) => await RefusesAsync(new AssertionOf { Expires = expires });

    [Theory]
    [InlineData(10, true)]
    [InlineData(60, false)]
    [InlineData(-3_600, true)]
    public async Task Bears_a_clock_that_is_a_little_ahead(double seconds, bool accepted)
    {
        await (accepted ? AcceptsAsync(new AssertionOf { IssuedAt = seconds }) : RefusesAsync(new AssertionOf { IssuedAt = seconds }));
        await (accepted ? AcceptsAsync(new AssertionOf { NotBefore = seconds }) : RefusesAsync(new AssertionOf { NotBefore = seconds }));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("[\"a\"]")]
    public async Task Refuses_a_jti_that_is_none(string id) => await RefusesAsync(new AssertionOf { Id = id });

    [Fact]
    public async Task Refuses_a_jti_of_unreasonable_length() => await RefusesAsync(new AssertionOf { Id = $"\"{new string('x', 513)}\"" });

    // CVE-2020-5300, CVE-2020-15222.
    [Fact]
    public async Task CVE_2020_5300_and_15222_Refuses_an_assertion_used_before()
    {
        var form = new AssertionOf().Form();
        (await _provider.TokenAsync(form)).Status.ShouldBe(200);

        (await _provider.TokenAsync(form)).ShouldRefuse("invalid_client", 401);
    }

    [Fact]
    public async Task CVE_2020_5300_and_15222_Takes_one_of_200_parallel_uses()
    {
        var form = new AssertionOf().Form();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => _provider.TokenAsync(form))));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
    }

    [Fact]
    public async Task Lets_two_clients_choose_the_same_jti()
    {
        await AcceptsAsync(new AssertionOf { Id = "\"same\"" });
        await AcceptsAsync(new AssertionOf { Id = "\"same\"", Issuer = "\"rsa-signer\"", Subject = "\"rsa-signer\"", Key = AssertionOf.Rsa });
    }

    [Fact]
    public async Task Does_not_spend_what_it_refuses()
    {
        var assertion = new AssertionOf();
        await RefusesAsync(assertion with { Audience = "\"https://attacker.example\"" });

        await AcceptsAsync(assertion);
    }

    [Fact]
    public async Task Refuses_another_clients_key() => await RefusesAsync(new AssertionOf { Key = AssertionOf.Rsa });

    [Fact]
    public async Task Refuses_a_key_nobody_registered() => await RefusesAsync(new AssertionOf { Key = SigningKey.Create(Algorithms.ES256) });

    [Fact]
    public async Task Refuses_a_key_nobody_registered_under_the_name_of_a_registered_one()
    {
        using var stranger = SigningKey.Create(Algorithms.ES256);

        await RefusesAsync(new AssertionOf { Key = stranger, Header = $$"""{"alg":"ES256","kid":"{{AssertionOf.Ec.KeyId}}"}""" });
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None","kid":"$"}""")]
    [InlineData("""{"alg":"HS256","kid":"$"}""")]
    [InlineData("""{"alg":"RS256","kid":"$"}""")]
    [InlineData("""{"alg":"ES384","kid":"$"}""")]
    [InlineData("""{"alg":"es256","kid":"$"}""")]
    [InlineData("""{"kid":"$"}""")]
    [InlineData("""{"alg":"ES256","kid":"../../etc/passwd"}""")]
    [InlineData("""{"alg":"ES256","kid":""}""")]
    [InlineData("""{"alg":"ES256","kid":1}""")]
    [InlineData("""{"alg":"ES256","kid":"$","crit":["exp"]}""")]
    [InlineData("""{"alg":"ES256","kid":"$","kid":"$"}""")]
    [InlineData("""{"alg":"ES256","alg":"ES256","kid":"$"}""")]
    [InlineData("""{"alg":"ES256","kid":"$","typ":"at+jwt"}""")]
    [InlineData("""{"alg":"ES256","kid":"$","typ":"logout+jwt"}""")]
    public async Task Refuses_a_header_that_asks_for_something_else(string header) =>
        await RefusesAsync(new AssertionOf { Header = header.Replace("$", AssertionOf.Ec.KeyId, StringComparison.Ordinal) });

    // RFC 8725 §3.10: what the token itself offers as a key is not looked at.
    [Theory]
    [InlineData("\"jku\":\"https://attacker.example/keys\"")]
    [InlineData("\"x5u\":\"https://attacker.example/chain\"")]
    [InlineData("\"jwk\":$")]
    public async Task Refuses_a_key_that_the_assertion_brings_along(string member)
    {
        using var attacker = SigningKey.Create(Algorithms.ES256);
        var jwk = $$"""{"kty":"EC","kid":"{{attacker.KeyId}}"}""";

        await RefusesAsync(new AssertionOf { Key = attacker, Header = $$"""{"alg":"ES256","kid":"{{attacker.KeyId}}",{{member.Replace("$", jwk, StringComparison.Ordinal)}}}""" });
    }

    [Theory]
    [InlineData("\"iss\":\"signer\",")]
    [InlineData("\"aud\":\"https://login.example\",")]
    [InlineData("\"exp\":99999999999,")]
    [InlineData("\"jti\":\"another\",")]
    [InlineData("\"a\":{\"b\":1,\"b\":2},")]
    public async Task Refuses_doubled_members(string member) => await RefusesAsync(new AssertionOf { More = member });

    [Theory]
    [InlineData("client-authentication+jwt")]
    [InlineData("JWT")]
    public async Task Takes_the_types_assertions_have(string type) =>
        await AcceptsAsync(new AssertionOf { Header = $$"""{"alg":"ES256","kid":"{{AssertionOf.Ec.KeyId}}","typ":"{{type}}"}""" });

    [Fact]
    public async Task Needs_no_kid_while_there_is_one_key() => await AcceptsAsync(new AssertionOf { Header = """{"alg":"ES256"}""" });

    // A public key is no secret: whoever signs with HMAC under it has read the JWKS, nothing more.
    [Fact]
    public async Task Refuses_an_HMAC_whose_secret_is_the_public_key()
    {
        var parts = new AssertionOf { Header = """{"alg":"HS256"}""" }.Write().Split('.');
        using var json = new MemoryStream();
        using (var writer = new System.Text.Json.Utf8JsonWriter(json))
        {
            AssertionOf.Ec.PublicKey.WriteTo(writer);
        }

        var mac = HMACSHA256.HashData(json.ToArray(), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));

        await RefusesAsync(AssertionOf.ClientAuthenticationForm($"{parts[0]}.{parts[1]}.{Base64Url.Encode(mac)}"));
    }

    [Fact]
    public async Task Refuses_a_signature_that_was_taken_away()
    {
        var parts = new AssertionOf().Write().Split('.');

        await RefusesAsync(AssertionOf.ClientAuthenticationForm($"{parts[0]}.{parts[1]}."));
    }

    [Fact]
    public async Task Holds_a_client_to_the_algorithm_it_registered()
    {
        using var other = SigningKey.Create(Algorithms.ES384);
        _provider.Configuration.Put(AssertionOf.Signer with { Keys = new JwkSet([AssertionOf.Ec.PublicKey, other.PublicKey]), AssertionAlgorithm = "ES384" });

        await RefusesAsync(new AssertionOf());
        await AcceptsAsync(new AssertionOf { Key = other });
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    [InlineData("e30.e30.e30.e30.e30")]
    public async Task Refuses_what_is_no_JWT(string assertion) => await RefusesAsync(AssertionOf.ClientAuthenticationForm(assertion));

    [Theory]
    [InlineData("urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]
    [InlineData("jwt-bearer")]
    [InlineData("")]
    public async Task Refuses_another_type_of_assertion(string type) => await RefusesAsync(new AssertionOf().Form().With("client_assertion_type", type));

    [Fact]
    public async Task Refuses_an_assertion_of_a_client_that_registered_a_secret()
    {
        _provider.Configuration.Put(AssertionOf.Signer with { AuthenticationMethods = TestConfiguration.Set("client_secret_basic") });

        await RefusesAsync(new AssertionOf());
    }

    [Fact]
    public async Task Refuses_a_second_method_beside_the_assertion()
    {
        (await _provider.TokenAsync(new AssertionOf().Form().With("client_secret", "x"))).ShouldRefuse("invalid_request");
        (await _provider.TokenAsync(new AssertionOf().Form(), Flow.MachineCredentials)).ShouldRefuse("invalid_request");
    }

    [Fact]
    public async Task Refuses_a_client_id_that_is_not_the_issuer()
    {
        (await _provider.TokenAsync(new AssertionOf().Form().With("client_id", "machine"))).ShouldRefuse("invalid_request");
        (await _provider.TokenAsync(new AssertionOf().Form().With("client_id", "signer"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Refuses_a_disabled_client()
    {
        _provider.Configuration.Put(AssertionOf.Signer with { Enabled = false });

        await RefusesAsync(new AssertionOf());
    }

    [Fact]
    public async Task Reads_keys_again_for_a_name_it_does_not_know()
    {
        _provider.Configuration.Put(AssertionOf.Signer with { Keys = null, KeysUri = new Uri("https://signer.example/jwks") });
        await RefusesAsync(new AssertionOf());

        _provider.Store.RemoteKeys = new JwkSet([AssertionOf.Rsa.PublicKey]);
        await RefusesAsync(new AssertionOf());

        _provider.Store.NewerRemoteKeys = new JwkSet([AssertionOf.Ec.PublicKey]);
        await AcceptsAsync(new AssertionOf());
    }

    [Fact]
    public async Task Answers_503_while_it_cannot_remember_what_was_used()
    {
        _provider.Store.IsAway = true;

        (await _provider.TokenAsync(new AssertionOf().Form())).ShouldRefuse("temporarily_unavailable", 503);
    }

    [Fact]
    public async Task Logs_nothing_of_an_assertion()
    {
        var assertion = new AssertionOf { Audience = "\"https://attacker.example\"" }.Write();
        await RefusesAsync(AssertionOf.ClientAuthenticationForm(assertion));

        _provider.Log.Lines.ShouldContain(line => line.Contains("the audience is not this provider", StringComparison.Ordinal));
        _provider.Log.Lines.ShouldAllBe(line => !line.Contains(assertion.Split('.')[2], StringComparison.Ordinal) && !line.Contains(assertion.Split('.')[1], StringComparison.Ordinal));
    }

    private async Task AcceptsAsync(AssertionOf assertion)
    {
        var answer = await _provider.TokenAsync(assertion.Form());
        answer.Status.ShouldBe(200, answer.Body + string.Join('\n', _provider.Log.Lines));
    }

    private Task RefusesAsync(AssertionOf assertion) => RefusesAsync(assertion.Form());

    private async Task RefusesAsync(Form form) => (await _provider.TokenAsync(form)).ShouldRefuse("invalid_client", 401);
}
