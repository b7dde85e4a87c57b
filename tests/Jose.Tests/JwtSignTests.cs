using System.Text;

namespace Jose.Tests;

public sealed class JwtSignTests
{
    [Fact]
    public void Writes_three_parts_that_say_what_they_were_given()
    {
        using var key = SigningKey.Create(Algorithms.ES256);

        var parts = Jwt.Sign(key, "at+jwt", """{"sub":"alice"}"""u8).Split('.');

        parts.Length.ShouldBe(3);
        Decode(parts[0]).ShouldBe($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{key.KeyId}}"}""");
        Decode(parts[1]).ShouldBe("""{"sub":"alice"}""");
    }

    [Fact]
    public void Gives_each_type_its_own_header()
    {
        using var key = SigningKey.Create(Algorithms.ES256);

        var types = new[] { "JWT", "at+jwt", "JWT" }.Select(type => Decode(Jwt.Sign(key, type, "{}"u8).Split('.')[0])).ToArray();

        types[0].ShouldContain("\"JWT\"");
        types[1].ShouldNotContain("\"JWT\"");
        types[2].ShouldBe(types[0]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000)]
    [InlineData(3_000)]
    [InlineData(10_000)]
    public void Signs_payloads_of_every_size(int characters)
    {
        var key = SharedKeys.For(Algorithms.RS512);
        var payload = $$"""{"iss":"i","aud":"a","filler":"{{new string('x', characters)}}"}""";

        var reading = Jwt.Read(Jwt.Sign(key, "JWT", Encoding.UTF8.GetBytes(payload)), new JwtExpectations
        {
            Type = "JWT",
            Issuer = "i",
            Audience = "a",
            Algorithms = [Algorithms.RS512],
            Skew = TimeSpan.Zero,
            RequiredClaims = ["filler"],
        }, new JwkSet([key.PublicKey]), ForgedToken.Now);

        reading.Accepted.ShouldBeTrue();
        reading.Claims!.Text("filler")!.Length.ShouldBe(characters);
    }

    private static string Decode(string part)
    {
        Base64Url.TryDecode(part, out var bytes).ShouldBeTrue();
        return Encoding.UTF8.GetString(bytes);
    }
}
