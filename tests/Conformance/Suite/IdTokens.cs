using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Conformance;

/// <summary>An ID token after everything that holds for each of them was held.</summary>
public sealed record IdToken(JsonElement Header, JsonElement Claims)
{
    public string Subject => Claims.GetProperty("sub").GetString()!;

    public string SessionId => Claims.GetProperty("sid").GetString()!;

    /// <summary>When the person signed in; this provider always says.</summary>
    public long SignedInAt => Claims.GetProperty("auth_time").GetInt64();

    public IEnumerable<string> Names => Claims.EnumerateObject().Select(claim => claim.Name);

    public override string ToString() => Claims.ToString();
}

/// <summary>OpenID Connect Core §3.1.3.7, as a client that trusts nobody validates.</summary>
public static class IdTokens
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public static async Task<IdToken> ReadAsync(TestedProvider provider, string token, string clientId, string? nonce, string accessToken)
    {
        var (header, claims) = (await PublishedKeys.FetchAsync(provider)).Verify(token);
        provider.Supports("id_token_signing_alg_values_supported", header.GetProperty("alg").GetString()!).ShouldBeTrue();
        claims.GetProperty("iss").GetString().ShouldBe(TestedProvider.Issuer);
        Audience(claims).ShouldContain(clientId);
        claims.GetProperty("sub").GetString()!.Length.ShouldBeInRange(1, 255);
        HoldTimes(claims, provider.Time.Now);
        Text(claims, "nonce").ShouldBe(nonce);
        Text(claims, "acr").ShouldNotBe("");
        PersonClaims.ShouldHaveTheirTypes(claims);
        if (Text(claims, "at_hash") is { } hash)
        {
            // Core §3.1.3.6: every algorithm offered ends in 256.
            hash.ShouldBe(Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16)));
        }

        return new IdToken(header, claims);
    }

    public static IEnumerable<string> Audience(JsonElement claims) => claims.GetProperty("aud") is { ValueKind: JsonValueKind.Array } many
        ? many.EnumerateArray().Select(one => one.GetString()!)
        : [claims.GetProperty("aud").GetString()!];

    private static void HoldTimes(JsonElement claims, DateTimeOffset now)
    {
        Time(claims, "exp").ShouldBeInRange(now - Skew, now.AddYears(50));
        Time(claims, "iat").ShouldBeInRange(now - Skew, now + Skew);
        Time(claims, "auth_time").ShouldBeInRange(now.AddYears(-1), now);
    }

    private static DateTimeOffset Time(JsonElement claims, string name) => DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty(name).GetInt64());

    private static string? Text(JsonElement claims, string name) => claims.TryGetProperty(name, out var value) ? value.GetString() : null;
}
