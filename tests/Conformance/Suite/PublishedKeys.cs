using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Conformance;

/// <summary>The JWKS as anybody can fetch it, read with nothing but System.Security.Cryptography: a mistake of our own JOSE code must not hide behind itself.</summary>
public sealed class PublishedKeys
{
    // RFC 7518 §6.2.2, §6.3.2 and §6.4.1.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    private readonly IReadOnlyList<JsonElement> _keys;

    private PublishedKeys(IReadOnlyList<JsonElement> keys) => _keys = keys;

    /// <summary>Fetches them and holds what holds for every key set.</summary>
    public static async Task<PublishedKeys> FetchAsync(TestedProvider provider)
    {
        var reply = await provider.GetAsync(provider.Endpoint("jwks_uri"));
        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.MediaType.ShouldBeOneOf("application/json", "application/jwk-set+json");
        var keys = reply.Json.GetProperty("keys").EnumerateArray().ToArray();
        keys.ShouldNotBeEmpty();
        foreach (var key in keys)
        {
            key.EnumerateObject().Select(member => member.Name).ShouldNotContain(name => PrivateMembers.Contains(name));
            key.GetProperty("kid").GetString().ShouldNotBeNullOrEmpty();
            if (key.TryGetProperty("alg", out var algorithm))
            {
                algorithm.GetString().ShouldBeOneOf(Algorithms);
            }

            using var read = Read(key);
            read.KeySize.ShouldBeGreaterThanOrEqualTo(read is RSA ? 2_048 : 256);
        }

        keys.Select(key => key.GetProperty("kid").GetString()).ShouldBeUnique();
        return new PublishedKeys(keys);
    }

    /// <summary>Verifies a signature and returns header and payload.</summary>
    public (JsonElement Header, JsonElement Claims) Verify(string token)
    {
        var parts = token.Split('.');
        parts.Length.ShouldBe(3);
        var header = JsonElement.Parse(Base64Url.DecodeFromChars(parts[0]));
        var named = _keys.Single(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        var algorithm = header.GetProperty("alg").GetString()!;
        if (named.TryGetProperty("alg", out var only))
        {
            only.GetString().ShouldBe(algorithm);
        }

        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        var signature = Base64Url.DecodeFromChars(parts[2]);
        var hash = new HashAlgorithmName("SHA" + algorithm[2..]);
        using var key = Read(named);
        var verifies = key switch
        {
            RSA rsa => rsa.VerifyData(signed, signature, hash, algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => ecdsa.VerifyData(signed, signature, hash),
            _ => false,
        };
        verifies.ShouldBeTrue("The signature does not verify.");
        return (header, JsonElement.Parse(Base64Url.DecodeFromChars(parts[1])));
    }

    // A type or curve that nobody knows is not readable either.
    private static AsymmetricAlgorithm Read(JsonElement key) => key.GetProperty("kty").GetString() switch
    {
        "RSA" => RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") }),
        "EC" => ECDsa.Create(new ECParameters
        {
            Curve = key.GetProperty("crv").GetString() switch
            {
                "P-256" => ECCurve.NamedCurves.nistP256,
                "P-384" => ECCurve.NamedCurves.nistP384,
                "P-521" => ECCurve.NamedCurves.nistP521,
                var curve => throw new InvalidOperationException($"Unknown curve {curve}"),
            },
            Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") },
        }),
        var type => throw new InvalidOperationException($"Unknown key type {type}"),
    };

    private static byte[] Bytes(JsonElement key, string member) => Base64Url.DecodeFromChars(key.GetProperty(member).GetString());
}
