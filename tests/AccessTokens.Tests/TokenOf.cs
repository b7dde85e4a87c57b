using System.Text;
using System.Text.Json.Nodes;
using Jose;

namespace AccessTokens.Tests;

/// <summary>An access token of the fake issuer. As it stands the API takes it; a test changes one thing.</summary>
public sealed record TokenOf(DateTimeOffset Now)
{
    public SigningKey Key { get; init; } = FakeIssuer.Key;

    public string Type { get; init; } = "at+jwt";

    public TimeSpan Life { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The claim to change, and its value; null removes it.</summary>
    public (string Name, JsonNode? Value) Change { get; init; } = ("", null);

    /// <summary>What the issuer answers about it while it is active, had it been issued by reference (RFC 7662 §2.2).</summary>
    public string WriteAnswer()
    {
        var answer = Claims();
        answer.Remove("jti");
        answer.TryAdd("active", true);
        answer.TryAdd("token_type", "Bearer");
        return answer.ToJsonString();
    }

    public string Write() => Jwt.Sign(Key, Type, Encoding.UTF8.GetBytes(Claims().ToJsonString()));

    private JsonObject Claims()
    {
        var claims = new JsonObject
        {
            ["iss"] = FakeIssuer.Identifier,
            ["sub"] = "alice",
            ["aud"] = new JsonArray("identity", "members"),
            ["client_id"] = "storefront",
            ["scope"] = "openid members",
            ["role"] = new JsonArray("teacher", "principal"),
            ["iat"] = Now.ToUnixTimeSeconds(),
            ["exp"] = (Now + Life).ToUnixTimeSeconds(),
            ["jti"] = "1",
        };
        if (Change.Name.Length > 0)
        {
            claims.Remove(Change.Name);
            if (Change.Value is not null)
            {
                claims[Change.Name] = Change.Value.DeepClone();
            }
        }

        return claims;
    }
}
