using System.Text;

namespace Jose.Tests;

/// <summary>
/// A token written by hand, part by part, and everything a reader needs to accept it. As it stands it is accepted;
/// a test changes one thing with <c>with</c>.
/// </summary>
public sealed record ForgedToken
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly SigningKey Issuer = SigningKey.Create(Algorithms.ES256);

    public SigningKey Key { get; init; } = Issuer;

    public string? Header { get; init; }

    public string Payload { get; init; } =
        $$"""{"iss":"https://issuer.example","sub":"alice","aud":"members","iat":{{At(0)}},"nbf":{{At(0)}},"exp":{{At(600)}},"jti":"1"}""";

    public JwtExpectations Expectations { get; init; } = new()
    {
        Type = "at+jwt",
        Issuer = "https://issuer.example",
        Audience = "members",
        Algorithms = [Algorithms.ES256],
        Skew = TimeSpan.FromSeconds(30),
        RequiredClaims = ["exp", "sub"],
    };

    public JwkSet Keys { get; init; } = new([Issuer.PublicKey]);

    public DateTimeOffset ReadAt { get; init; } = Now;

    public string DefaultHeader => $$"""{"alg":"{{Key.Algorithm}}","typ":"at+jwt","kid":"{{Key.KeyId}}"}""";

    /// <summary>Seconds since the epoch, so many after <see cref="Now"/>.</summary>
    public static long At(int seconds) => Now.ToUnixTimeSeconds() + seconds;

    /// <summary>The token with an honest signature over whatever its parts are.</summary>
    public string Write() => Signed(Encode(Header ?? DefaultHeader), Encode(Payload));

    public string Signed(string header, string payload)
    {
        var input = $"{header}.{payload}";
        var signature = new byte[Key.SignatureLength];
        Key.Sign(Encoding.UTF8.GetBytes(input), signature);
        return $"{input}.{Base64Url.Encode(signature)}";
    }

    public JwtReading Read() => Read(Write());

    public JwtReading Read(string token) => Jwt.Read(token, Expectations, Keys, ReadAt);

    public static string Encode(string text) => Base64Url.Encode(Encoding.UTF8.GetBytes(text));
}
