// RFC 9068 §4: reading an access token of ours, at our own endpoints.
using System.Security.Cryptography;
using System.Text;
using Jose;

namespace Oidc;

/// <summary>A signed access token of this provider.</summary>
/// <param name="GrantId">Null when the client acts for itself.</param>
/// <param name="IdHash">SHA-256 of its <c>jti</c>.</param>
public sealed record ReadAccessToken(string Subject, string ClientId, Guid? GrantId, IReadOnlyList<string> Scopes, byte[] IdHash, JwtClaims Claims);

/// <summary>Reads access tokens this provider signed. Whether the grant behind one still stands is the caller's next question.</summary>
public sealed class AccessTokenReader(OidcOptions options, ISigningKeys keys, IConfigurationSource configuration)
{
    // RFC 9068 §4; any audience of ours: who may ask about it is judged elsewhere, and userinfo belongs to every token with the scope openid.
    private readonly JwtExpectations _expectations = new()
    {
        Type = AccessToken.Type,
        Issuer = options.Issuer,
        Audience = ExpectedAudience.Any,
        Algorithms = [AccessToken.Algorithm],

        // For iat: another node, whose clock may be ahead, issued it a moment ago.
        Skew = TimeSpan.FromMinutes(1),
        RequiredClaims = ["exp", "sub", "client_id", "scope", "jti"],
    };

    /// <returns>The token, or null with the rule that refused it.</returns>
    public ReadAccessToken? Read(string token, DateTimeOffset now, out string refusal)
    {
        var reading = Jwt.Read(token, _expectations, keys.Current.Published, now);
        if (!reading.Accepted)
        {
            refusal = reading.Refusal.Value.ToString();
            return null;
        }

        // To exp no skew is granted: a token said its lifetime when it was issued.
        if (reading.Claims.ExpiresAt <= now)
        {
            refusal = nameof(JwtRefusal.Expired);
            return null;
        }

        // What was issued to a client ends with the client.
        var clientId = reading.Claims.Text("client_id") ?? "";
        if (configuration.Current.FindClient(clientId) is not { Enabled: true })
        {
            refusal = "the client is disabled or gone";
            return null;
        }

        refusal = "";
        Guid? grantId = Guid.TryParse(reading.Claims.Text(AccessToken.GrantIdClaim), out var id) ? id : null;
        var idHash = SHA256.HashData(Encoding.UTF8.GetBytes(reading.Claims.Id!));
        return new ReadAccessToken(reading.Claims.Subject!, clientId, grantId, ScopeAndResource.Split(reading.Claims.Text("scope") ?? "") ?? [], idHash, reading.Claims);
    }
}
