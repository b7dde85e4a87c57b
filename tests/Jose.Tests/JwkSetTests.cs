using System.Text;
using System.Text.Json;

namespace Jose.Tests;

public sealed class JwkSetTests
{
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string Good = $$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","kid":"good"}""";

    private static readonly string Modulus = Base64Url.Encode([0x80, .. new byte[254], 1]);

    public static TheoryData<string> EveryAlgorithm => [.. Algorithms.All];

    [Theory]
    [MemberData(nameof(EveryAlgorithm))]
    public void Reads_what_it_writes(string algorithm)
    {
        var key = SharedKeys.For(algorithm);
        var signature = new byte[key.SignatureLength];
        key.Sign("input"u8, signature);

        var read = Parse(Write(new JwkSet([key.PublicKey]))).Find(key.KeyId, algorithm).ShouldNotBeNull();

        read.Verify("input"u8, signature, algorithm).ShouldBeTrue();
        read.Thumbprint.ShouldBe(key.KeyId);
    }

    [Fact]
    public void Writes_an_elliptic_key_with_these_members()
    {
        using var key = SigningKey.Create(Algorithms.ES256);

        Members(key).ShouldBe(["kty", "use", "alg", "kid", "crv", "x", "y"]);
    }

    [Fact]
    public void Writes_an_RSA_key_with_these_members()
    {
        var key = SharedKeys.For(Algorithms.PS384);

        Members(key).ShouldBe(["kty", "use", "alg", "kid", "n", "e"]);
    }

    // RFC 7517 §5: implementations ignore what they do not understand, and what they cannot use.
    [Theory]
    [InlineData("""{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")]
    [InlineData("""{"kty":"AKP","alg":"ML-DSA-44","pub":"AA"}""")]
    [InlineData("""{"crv":"P-256"}""")]
    [InlineData("""{"kty":7}""")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","use":"enc"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","key_ops":["encrypt"]}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","key_ops":"verify"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","alg":"ES384"}""")] // RFC 7518 §3.4
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","alg":"HS256"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","kid":7}""")]
    [InlineData($$"""{"kty":"EC","crv":"secp256k1","x":"{{X}}","y":"{{Y}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-384","x":"{{X}}","y":"{{Y}}"}""")] // RFC 7518 §6.2.1.2: wrong length
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{Y}}","y":"{{X}}"}""")] // not a point of the curve
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}=","y":"{{Y}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}"}""")]
    public void Passes_over_a_key_it_cannot_use(string jwk) =>
        Parse($$"""{"keys":[{{jwk}},{{Good}}]}""").Keys.ShouldHaveSingleItem().KeyId.ShouldBe("good");

    [Theory]
    [InlineData("AQ")] // 1: every message would be its own signature
    [InlineData("Ag")] // 2: not invertible
    [InlineData("AAEAAQ")] // leading zero
    [InlineData("AQAAAAE")] // 33 bits
    [InlineData("")]
    public void Passes_over_an_RSA_key_with_an_unsafe_exponent(string exponent) => Rsa(Modulus, exponent).Keys.ShouldBeEmpty();

    [Fact]
    public void Passes_over_an_RSA_key_under_2048_bits()
    {
        Rsa(Modulus, "AQAB").Keys.Count.ShouldBe(1);
        Rsa(Base64Url.Encode([0x7f, .. new byte[254], 1]), "AQAB").Keys.ShouldBeEmpty();
    }

    [Fact]
    public void Passes_over_an_RSA_key_over_8192_bits() => Rsa(Base64Url.Encode([1, .. new byte[1023], 1]), "AQAB").Keys.ShouldBeEmpty();

    [Fact]
    public void Passes_over_an_RSA_key_with_an_even_modulus() =>
        Rsa(Base64Url.Encode([0x80, .. new byte[255]]), "AQAB").Keys.ShouldBeEmpty();

    // OpenID Connect Core §3.1.3.7 step 7.
    [Fact]
    public void Takes_an_RSA_key_without_alg_for_RS256() => Rsa(Modulus, "AQAB").Keys.ShouldHaveSingleItem().Algorithm.ShouldBe("RS256");

    [Theory]
    [InlineData("""{"kty":"oct","k":"c2VjcmV0"}""")]
    [InlineData("""{"kty":"oct"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","x":"{{X}}","y":"{{Y}}","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}""")]
    [InlineData("""{"kty":"RSA","n":"AQ","e":"AQAB","p":"AQ"}""")]
    [InlineData("""{"kty":"AKP","alg":"ML-DSA-44","priv":"AA"}""")]
    public void Refuses_a_whole_set_that_publishes_a_secret(string jwk) =>
        Refusal($$"""{"keys":[{{Good}},{{jwk}}]}""").ShouldContain("private or symmetric");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[]""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"EC","kty":"RSA"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","k\u0074y":"RSA"}]}""")]
    [InlineData("""{"keys":["\ud800"]}""")]
    public void Refuses_a_document_that_is_no_key_set(string document) => Refusal(document).ShouldNotBeEmpty();

    [Fact]
    public void Refuses_a_document_of_endless_depth() =>
        Refusal("""{"keys":""" + new string('[', 5000) + new string(']', 5000) + "}").ShouldNotBeEmpty();

    [Fact]
    public void Refuses_a_document_that_is_too_long() =>
        Refusal("""{"keys":[]}""" + new string(' ', JwkSet.MaxLength)).ShouldContain("longer");

    [Fact]
    public void Finds_a_key_by_name_and_algorithm_together()
    {
        using var elliptic = SigningKey.Create(Algorithms.ES256);
        var rsa = SharedKeys.For(Algorithms.RS256);
        using var sameName = SigningKey.Import(rsa.ExportPkcs8(), Algorithms.RS256, elliptic.KeyId);
        var set = new JwkSet([elliptic.PublicKey, sameName.PublicKey]);

        set.Find(elliptic.KeyId, Algorithms.RS256).ShouldBe(sameName.PublicKey);
        set.Find(elliptic.KeyId, Algorithms.PS256).ShouldBeNull();
        set.Find("another", Algorithms.ES256).ShouldBeNull();
        set.Find(null, Algorithms.ES256).ShouldBe(elliptic.PublicKey);
    }

    [Fact]
    public void Does_not_choose_between_two_keys_for_a_token_that_names_none()
    {
        using var one = SigningKey.Create(Algorithms.ES256);
        using var two = SigningKey.Create(Algorithms.ES256);

        new JwkSet([one.PublicKey, two.PublicKey]).Find(null, Algorithms.ES256).ShouldBeNull();
    }

    private static JwkSet Rsa(string modulus, string exponent) => Parse($$"""{"keys":[{"kty":"RSA","n":"{{modulus}}","e":"{{exponent}}"}]}""");

    private static JwkSet Parse(string document)
    {
        JwkSet.TryParse(Encoding.UTF8.GetBytes(document), out var set, out var refusal).ShouldBeTrue(refusal);
        return set!;
    }

    private static string Refusal(string document)
    {
        JwkSet.TryParse(Encoding.UTF8.GetBytes(document), out _, out var refusal).ShouldBeFalse();
        return refusal!;
    }

    private static string[] Members(SigningKey key)
    {
        using var document = JsonDocument.Parse(Write(new JwkSet([key.PublicKey])));
        return [.. document.RootElement.GetProperty("keys")[0].EnumerateObject().Select(member => member.Name)];
    }

    private static string Write(JwkSet set)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            set.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
