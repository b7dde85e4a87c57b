using System.Text;
using System.Text.Json.Nodes;
using Jose;

namespace AccessTokens.Tests;

/// <summary>An access token of the fake issuer. As it stands the API takes it; a test changes one thing.</summary>
public sealed record TokenOf(DateTimeOffset Now)
{
    public SigningKey Key { get; init; } = FakeIssuer.Key;

    public string Type { get; init; } = "at+jwt";

    /// <summary>The claim to change, and its value; null removes it.</summary>
    public (string Name, JsonNode? Value) Change { get; init; } = ("", null);

    public string Write()
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
            ["exp"] = Now.AddMinutes(10).ToUnixTimeSeconds(),
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

        return Jwt.Sign(Key, Type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }
}
