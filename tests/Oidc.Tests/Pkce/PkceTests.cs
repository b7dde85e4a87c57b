namespace Oidc.Tests;

public sealed class PkceTests
{
    // RFC 7636 appendix B.
    [Fact]
    public void Matches_the_challenge_of_a_verifier() => Pkce.Matches(Flow.Challenge, Flow.Verifier).ShouldBeTrue();

    [Fact]
    public void Matches_no_other_and_not_itself()
    {
        Pkce.Matches(Flow.Challenge, Flow.Verifier[..^1] + "l").ShouldBeFalse();
        Pkce.Matches(Flow.Challenge, Flow.Challenge).ShouldBeFalse();
        Pkce.Matches(Flow.Challenge[..^1], Flow.Verifier).ShouldBeFalse();
    }

    // RFC 7636 §4.1.
    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void A_verifier_has_43_to_128_characters(int length, bool valid) => Pkce.IsVerifier(new string('a', length)).ShouldBe(valid);

    [Theory]
    [InlineData('A', true)]
    [InlineData('z', true)]
    [InlineData('0', true)]
    [InlineData('-', true)]
    [InlineData('.', true)]
    [InlineData('_', true)]
    [InlineData('~', true)]
    [InlineData('+', false)]
    [InlineData('/', false)]
    [InlineData('=', false)]
    [InlineData(' ', false)]
    [InlineData('%', false)]
    [InlineData('é', false)]
    [InlineData('\n', false)]
    public void A_verifier_is_of_unreserved_characters(char character, bool valid) => Pkce.IsVerifier(new string('a', 60) + character).ShouldBe(valid);

    // RFC 7636 §4.2: the base64url of 32 bytes.
    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(44, false)]
    public void A_challenge_has_43_characters(int length, bool valid) => Pkce.IsChallenge(new string('a', length)).ShouldBe(valid);

    [Theory]
    [InlineData('.')]
    [InlineData('~')]
    [InlineData('+')]
    [InlineData('=')]
    [InlineData('é')]
    public void A_challenge_is_base64url(char character) => Pkce.IsChallenge(new string('a', 42) + character).ShouldBeFalse();
}
