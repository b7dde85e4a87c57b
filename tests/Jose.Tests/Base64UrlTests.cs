using System.Text;

namespace Jose.Tests;

public sealed class Base64UrlTests
{
    [Theory]
    [InlineData("")]
    [InlineData("f")]
    [InlineData("fo")]
    [InlineData("foo")]
    [InlineData("foob")]
    public void Decodes_what_it_encodes(string text)
    {
        var encoded = Base64Url.Encode(Encoding.ASCII.GetBytes(text));

        Base64Url.TryDecode(encoded, out var bytes).ShouldBeTrue();
        Encoding.ASCII.GetString(bytes).ShouldBe(text);
        encoded.Length.ShouldBe(Base64Url.EncodedLength(text.Length));
    }

    // RFC 7515 appendix C.
    [Fact]
    public void Encodes_as_RFC_7515_shows() => Base64Url.Encode([3, 236, 255, 224, 193]).ShouldBe("A-z_4ME");

    [Theory]
    [InlineData("Zg==")] // padding
    [InlineData("Zh")] // bits behind the last byte
    [InlineData("Zm9=")]
    [InlineData("Zm9v\n")]
    [InlineData(" Zm9v")]
    [InlineData("Zm 9v")]
    [InlineData("+/+/")]
    [InlineData("Z")] // six bits are no byte
    [InlineData("Zm9vY")]
    [InlineData("Zm9ｖ")]
    [InlineData("Zm9v\0")]
    public void Refuses_every_spelling_but_the_canonical_one(string text)
    {
        Base64Url.TryDecode(text, out var bytes).ShouldBeFalse();
        bytes.ShouldBeEmpty();
    }

    [Fact]
    public void Gives_two_texts_of_a_length_never_the_same_bytes()
    {
        const string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        foreach (var prefix in new[] { "A", "AA" })
        {
            var accepted = digits.Select(digit => prefix + digit).Where(text => Base64Url.TryDecode(text, out _)).ToArray();
            accepted.Select(text => Convert.ToHexString(Decode(text))).Distinct(StringComparer.Ordinal).Count().ShouldBe(accepted.Length);
            accepted.Length.ShouldBe(prefix.Length == 1 ? 4 : 16);
        }
    }

    [Fact]
    public void Refuses_a_buffer_that_is_too_short() => Base64Url.TryDecode("Zm9v"u8, new byte[2], out _).ShouldBeFalse();

    private static byte[] Decode(string text)
    {
        Base64Url.TryDecode(text, out var bytes).ShouldBeTrue();
        return bytes;
    }
}
