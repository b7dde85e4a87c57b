using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jose;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MembersApi.Tests;

/// <summary>An issuer over HTTP that has nothing but metadata, one key, and tokens for whoever asks in code.</summary>
public sealed class Issuer : IAsyncDisposable
{
    private readonly SigningKey _key = SigningKey.Create(Algorithms.ES256);
    private readonly WebApplication _app;

    private Issuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Identifier, jwks_uri = $"{Identifier}/jwks" }));
        _app.MapGet("/jwks", () => Results.Text(Keys(), "application/json"));
    }

    public string Identifier => _app.Urls.Single();

    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        await issuer._app.StartAsync();
        return issuer;
    }

    public string Token(string subject = "alice", string scope = "openid members", string audience = "members")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Identifier,
            ["sub"] = subject,
            ["aud"] = audience,
            ["client_id"] = "storefront",
            ["scope"] = scope,
            ["iat"] = now,
            ["exp"] = now + 600,
            ["jti"] = "1",
        };
        return Jwt.Sign(_key, "at+jwt", Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _app.DisposeAsync();
    }

    private string Keys()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            new JwkSet([_key.PublicKey]).WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
