// RFC 9068 §4: reading an access token of ours, at our own endpoints.
using Jose;

namespace Oidc;

/// <summary>An access token of this provider that speaks for a person.</summary>
public sealed record ReadAccessToken(string Subject, string ClientId, Guid GrantId, IReadOnlyList<string> Scopes);

/// <summary>Reads access tokens this provider signed. Whether the grant behind one still stands is the caller's next question.</summary>
public sealed class AccessTokenReader(OidcOptions options, ISigningKeys keys, IConfigurationSource configuration)
{
    // RFC 9068 §4; any audience of ours, because userinfo belongs to every token with the scope openid.
    private readonly JwtExpectations _expectations = new()
    {
        Type = AccessToken.Type,
        Issuer = options.Issuer,
        Audience = ExpectedAudience.Any,
        Algorithms = [AccessToken.Algorithm],

        // For iat: another node, whose clock may be ahead, issued it a moment ago.
        Skew = TimeSpan.FromMinutes(1),
        RequiredClaims = ["exp", "sub", "client_id", "scope"],
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

        // A token of a client alone has no grant, and nobody to tell of.
        if (!Guid.TryParse(reading.Claims.Text(AccessToken.GrantIdClaim), out var grantId))
        {
            refusal = "the token speaks for no person";
            return null;
        }

        refusal = "";
        return new ReadAccessToken(reading.Claims.Subject!, clientId, grantId, ScopeAndResource.Split(reading.Claims.Text("scope") ?? "") ?? []);
    }
}
