using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness;
using Jose;

namespace ProviderHarness;

/// <summary>Client assertions of <c>jwt-client</c>, signed with the key in <c>config/</c>.</summary>
public static class Assertions
{
    private static readonly Lazy<SigningKey> Key = new(Load);

    /// <summary>An assertion that proves the client once, valid for a minute.</summary>
    public static string Of(Provider provider, string clientId = "jwt-client") => Jwt.Sign(Key.Value, "JWT", Encoding.UTF8.GetBytes(
        $$"""
        {"iss":"{{clientId}}","sub":"{{clientId}}","aud":"{{provider.Issuer}}","jti":"{{RandomNumberGenerator.GetHexString(32)}}",
         "exp":{{provider.Time.Now.ToUnixTimeSeconds() + 60}},"iat":{{provider.Time.Now.ToUnixTimeSeconds()}}}
        """));

    /// <summary>The parameters that carry it.</summary>
    public static (string Name, string Value)[] Parameters(string assertion) =>
        [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", assertion)];

    private static SigningKey Load()
    {
        var jwk = JsonElement.Parse(File.ReadAllBytes(Repository.PathOf("config/jwt-client.development.jwk.json")));
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Member(jwk, "d"),
            Q = new ECPoint { X = Member(jwk, "x"), Y = Member(jwk, "y") },
        });
        return SigningKey.Import(key.ExportPkcs8PrivateKey(), Algorithms.ES256, jwk.GetProperty("kid").GetString());
    }

    private static byte[] Member(JsonElement jwk, string name) => System.Buffers.Text.Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
}
