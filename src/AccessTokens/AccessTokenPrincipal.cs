using System.Security.Claims;
using System.Text.Json;
using Jose;

namespace AccessTokens;

/// <summary>
/// The person or client an access token speaks for: its claims under their own names, a member of a list each as one claim.
/// </summary>
public static class AccessTokenPrincipal
{
    extension(ClaimsPrincipal user)
    {
        /// <summary><c>sub</c>: the person, or the client itself where no person takes part (RFC 9068 §2.2).</summary>
        public string Subject => user.FindFirst("sub")?.Value
            ?? throw new InvalidOperationException("Nobody is authenticated by an access token.");

        public string? ClientId => user.FindFirst("client_id")?.Value;

        /// <summary>
        /// Whether the token was granted that scope (RFC 9068 §2.2.3, RFC 6749 §3.3: names separated by spaces, with their case).
        /// </summary>
        public bool HasScope(string scope) => user.FindFirst("scope")?.Value.Split(' ').Contains(scope, StringComparer.Ordinal) ?? false;
    }

    /// <summary>The principal, or null when the claims are not those of a bearer token.</summary>
    /// <param name="token">What a token says, or what the issuer answers about it.</param>
    /// <param name="without">Names of members that are about the answer and not about the token.</param>
    internal static ClaimsPrincipal? From(JwtClaims token, params IReadOnlyCollection<string> without)
    {
        // RFC 8705 §3, RFC 9449 §7.1: a token bound to a key is worth nothing without the proof, and no proof is read here.
        if (token.Has("cnf") || token.Text("client_id") is null || (token.Has("scope") && token.Text("scope") is null))
        {
            return null;
        }

        var claims = token.Json.EnumerateObject().Where(member => !without.Contains(member.Name)).SelectMany(member =>
            member.Value.ValueKind == JsonValueKind.Array
                ? member.Value.EnumerateArray().Select(item => ClaimOf(member.Name, item))
                : [ClaimOf(member.Name, member.Value)]);
        return new ClaimsPrincipal(new ClaimsIdentity(claims, AccessTokenOptions.Scheme, nameType: "sub", roleType: "role"));
    }

    private static Claim ClaimOf(string name, JsonElement value) =>
        new(name, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
}
