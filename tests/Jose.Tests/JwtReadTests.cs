namespace Jose.Tests;

/// <summary>One honest token, and one thing changed at a time: the list of what is refused.</summary>
public sealed class JwtReadTests
{
    private static readonly ForgedToken Valid = new();

    [Fact]
    public void Accepts_a_token_that_is_all_it_should_be()
    {
        var reading = Valid.Read();

        reading.Refusal.ShouldBeNull();
        reading.KeyId.ShouldBe(Valid.Key.KeyId);
        reading.Claims!.Subject.ShouldBe("alice");
        reading.Claims.Audience.ShouldBe(["members"]);
        reading.Claims.ExpiresAt.ShouldBe(ForgedToken.Now.AddMinutes(10));
    }

    // RFC 7519 §4.1.3.
    [Fact]
    public void Accepts_one_audience_among_many() =>
        Refusal(Payload("\"aud\":\"members\"", "\"aud\":[\"identity\",\"members\"]")).ShouldBeNull();

    // RFC 7515 §4.1.9.
    [Theory]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    public void Compares_the_type_as_a_media_type(string type) => Refusal(Header("at+jwt", type)).ShouldBeNull();

    // RFC 7519 §5.1.
    [Fact]
    public void Takes_a_token_without_a_type_for_a_plain_JWT() =>
        Refusal(Header("\"typ\":\"at+jwt\",", "") with { Expectations = Valid.Expectations with { Type = "JWT" } }).ShouldBeNull();

    // RFC 7519 §2: a NumericDate may have a fraction.
    [Fact]
    public void Accepts_a_fraction_of_a_second() =>
        Refusal(Payload($"\"exp\":{ForgedToken.At(600)}", $"\"exp\":{ForgedToken.At(600)}.5")).ShouldBeNull();

    [Fact]
    public void Accepts_a_token_without_kid_while_there_is_only_one_key() =>
        Refusal(Valid with { Header = """{"alg":"ES256","typ":"at+jwt"}""" }).ShouldBeNull();

    // RFC 7515 §4.1.2, §4.1.3, §4.1.6: hints that are not needed are not followed either.
    [Fact]
    public void Reads_a_token_by_the_given_keys_whatever_sources_its_header_names() =>
        Refusal(Header("{", """{"jku":"https://attacker.example/jwks","x5u":"https://attacker.example/x","x5c":["AA"],""")).ShouldBeNull();

    [Fact]
    public void Accepts_any_audience_only_when_that_is_written_down() =>
        Refusal(Payload("\"aud\":\"members\",", "") with { Expectations = Valid.Expectations with { Audience = ExpectedAudience.Any } })
            .ShouldBeNull();

    [Fact]
    public void Accepts_any_of_several_names_of_ours() => Refusal(Valid with
    {
        Expectations = Valid.Expectations with { Audience = ExpectedAudience.AnyOf("https://issuer.example/connect/token", "members") },
    }).ShouldBeNull();

    [Theory]
    [InlineData("\"iss\":\"https://issuer.example\"", "\"iss\":\"https://attacker.example\"", JwtRefusal.WrongIssuer)]
    [InlineData("\"iss\":\"https://issuer.example\"", "\"iss\":\"https://issuer.example/\"", JwtRefusal.WrongIssuer)]
    [InlineData("\"iss\":\"https://issuer.example\"", "\"iss\":\"https://ISSUER.example\"", JwtRefusal.WrongIssuer)]
    [InlineData("\"iss\":\"https://issuer.example\",", "", JwtRefusal.WrongIssuer)]
    [InlineData("\"aud\":\"members\"", "\"aud\":\"smart-cs\"", JwtRefusal.WrongAudience)]
    [InlineData("\"aud\":\"members\"", "\"aud\":\"Members\"", JwtRefusal.WrongAudience)]
    [InlineData("\"aud\":\"members\"", "\"aud\":[\"smart-cs\"]", JwtRefusal.WrongAudience)]
    [InlineData("\"aud\":\"members\"", "\"aud\":[]", JwtRefusal.WrongAudience)]
    [InlineData("\"aud\":\"members\",", "", JwtRefusal.WrongAudience)]
    [InlineData("\"sub\":\"alice\",", "", JwtRefusal.MissingClaim)]
    [InlineData("\"sub\":\"alice\"", "\"sub\":null", JwtRefusal.BadClaims)]
    [InlineData("\"sub\":\"alice\"", "\"sub\":7", JwtRefusal.BadClaims)]
    [InlineData("\"iss\":\"https://issuer.example\"", "\"iss\":[\"https://issuer.example\"]", JwtRefusal.BadClaims)]
    [InlineData("\"jti\":\"1\"", "\"jti\":1", JwtRefusal.BadClaims)]
    [InlineData("\"aud\":\"members\"", "\"aud\":{\"members\":true}", JwtRefusal.BadClaims)]
    [InlineData("\"aud\":\"members\"", "\"aud\":[\"members\",null]", JwtRefusal.BadClaims)]
    public void Refuses_claims_that_are_not_the_expected_ones(string old, string replacement, JwtRefusal refusal) =>
        Refusal(Payload(old, replacement)).ShouldBe(refusal);

    [Fact]
    public void Refuses_a_required_claim_that_is_null() =>
        Refusal(Payload("{", "{\"client_id\":null,") with { Expectations = Valid.Expectations with { RequiredClaims = ["client_id"] } })
            .ShouldBe(JwtRefusal.MissingClaim);

    // RFC 7519 §4.1.4: expired on that second, not after it.
    [Theory]
    [InlineData(600 + 29, null)]
    [InlineData(600 + 30, JwtRefusal.Expired)]
    [InlineData(1_000_000, JwtRefusal.Expired)]
    public void Refuses_a_token_from_its_expiry_and_skew_on(int seconds, JwtRefusal? refusal) =>
        Refusal(Valid with { ReadAt = ForgedToken.Now.AddSeconds(seconds) }).ShouldBe(refusal);

    [Theory]
    [InlineData(-30, null)]
    [InlineData(-31, JwtRefusal.NotYetValid)]
    public void Refuses_a_token_before_its_time(int seconds, JwtRefusal? refusal) =>
        Refusal(Valid with { ReadAt = ForgedToken.Now.AddSeconds(seconds) }).ShouldBe(refusal);

    [Fact]
    public void Refuses_a_token_issued_in_the_future() =>
        Refusal(Payload($"\"iat\":{ForgedToken.At(0)}", $"\"iat\":{ForgedToken.At(31)}")).ShouldBe(JwtRefusal.NotYetValid);

    [Fact]
    public void Hands_over_the_claims_of_an_expired_token_apart_from_accepted_ones()
    {
        var reading = (Valid with { ReadAt = ForgedToken.Now.AddDays(1) }).Read();

        reading.Claims.ShouldBeNull();
        reading.ExpiredClaims!.Subject.ShouldBe("alice");
    }

    [Fact]
    public void Hands_over_nothing_of_an_expired_token_that_is_wrong_besides()
    {
        var reading = (Payload("\"aud\":\"members\"", "\"aud\":\"smart-cs\"") with { ReadAt = ForgedToken.Now.AddDays(1) }).Read();

        reading.Refusal.ShouldBe(JwtRefusal.WrongAudience);
        reading.ExpiredClaims.ShouldBeNull();
    }

    // RFC 8725 §3.11: an ID token is no access token.
    [Theory]
    [InlineData("\"typ\":\"at+jwt\"", "\"typ\":\"JWT\"")]
    [InlineData("\"typ\":\"at+jwt\",", "")]
    [InlineData("at+jwt", "application/at+jwt/x")]
    [InlineData("at+jwt", "dpop+jwt")]
    public void Refuses_a_token_of_another_type(string old, string replacement) =>
        Refusal(Header(old, replacement)).ShouldBe(JwtRefusal.WrongType);

    [Fact]
    public void Refuses_a_key_that_is_not_in_the_set()
    {
        using var other = SigningKey.Create(Algorithms.ES256);

        Refusal(Valid with { Key = other }).ShouldBe(JwtRefusal.UnknownKey);
    }

    [Fact]
    public void Refuses_a_signature_of_another_key_under_a_known_name()
    {
        using var other = SigningKey.Create(Algorithms.ES256);

        Refusal(Valid with { Key = other, Header = Valid.DefaultHeader }).ShouldBe(JwtRefusal.BadSignature);
    }

    private static JwtRefusal? Refusal(ForgedToken token) => token.Read().Refusal;

    private static ForgedToken Payload(string old, string replacement) => Valid with { Payload = Changed(Valid.Payload, old, replacement) };

    private static ForgedToken Header(string old, string replacement) => Valid with { Header = Changed(Valid.DefaultHeader, old, replacement) };

    private static string Changed(string text, string old, string replacement)
    {
        text.ShouldContain(old);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return text.Remove(at, old.Length).Insert(at, replacement);
    }
}
