using System.Text;
using Jose;

namespace Oidc.Tests;

/// <summary>A client assertion written by hand. As it stands it proves the client <c>signer</c>; a test changes one thing with <c>with</c>.</summary>
public sealed record AssertionOf
{
    public static readonly DateTimeOffset Now = new ManualTime().Now;

    public static SigningKey Ec { get; } = SigningKey.Create(Algorithms.ES256);

    private static readonly Lazy<SigningKey> DrawnRsa = new(() => SigningKey.Create(Algorithms.PS256));

    public static SigningKey Rsa => DrawnRsa.Value;

    /// <summary>A client that proves itself with <see cref="Ec"/>.</summary>
    public static Client Signer { get; } = TestConfiguration.Machine with
    {
        Id = "signer",
        AuthenticationMethods = TestConfiguration.Set("private_key_jwt"),
        Secrets = [],
        Keys = new JwkSet([Ec.PublicKey]),
    };

    public SigningKey Key { get; init; } = Ec;

    public string? Header { get; init; }

    public string Issuer { get; init; } = "\"signer\"";

    public string Subject { get; init; } = "\"signer\"";

    public string Audience { get; init; } = $"\"{TestProvider.Issuer}\"";

    public string Id { get; init; } = $"\"{System.Security.Cryptography.RandomNumberGenerator.GetHexString(16)}\"";

    /// <summary>In seconds from now.</summary>
    public double Expires { get; init; } = 60;

    public double IssuedAt { get; init; }

    public double NotBefore { get; init; }

    /// <summary>A claim that is left out.</summary>
    public string? Without { get; init; }

    /// <summary>Written before everything else.</summary>
    public string More { get; init; } = "";

    public string Write()
    {
        var claims = new (string Name, string Value)[]
        {
            ("iss", Issuer), ("sub", Subject), ("aud", Audience), ("jti", Id), ("exp", At(Expires)), ("iat", At(IssuedAt)), ("nbf", At(NotBefore)),
        };
        var payload = $"{{{More}{string.Join(',', claims.Where(claim => claim.Name != Without).Select(claim => $"\"{claim.Name}\":{claim.Value}"))}}}";
        var input = $"{Encode(Header ?? $$"""{"alg":"{{Key.Algorithm}}","kid":"{{Key.KeyId}}"}""")}.{Encode(payload)}";
        var signature = new byte[Key.SignatureLength];
        Key.Sign(Encoding.UTF8.GetBytes(input), signature);
        return $"{input}.{Base64Url.Encode(signature)}";
    }

    /// <summary>A client credentials request that it proves.</summary>
    public Form Form() => ClientAuthenticationForm(Write());

    public static Form ClientAuthenticationForm(string assertion) => Flow.ClientCredentials
        .With("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer").With("client_assertion", assertion);

    public static string Encode(string text) => Base64Url.Encode(Encoding.UTF8.GetBytes(text));

    private static string At(double seconds) => (Now.ToUnixTimeSeconds() + seconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
