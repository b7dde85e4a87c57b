// RFC 6749 §2.3, RFC 7521 §4.2, OpenID Connect Core §9: what a client sent to prove who it is, and by which method.
using System.Net.Http.Headers;
using System.Text;
using Jose;

namespace Oidc;

/// <summary>The one way a request proves its client, before anything of it is judged.</summary>
internal sealed record PresentedCredentials(string ClientId, string Method)
{
    private const string JwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public string? Secret { get; init; }

    public string? Assertion { get; init; }

    public bool ByHeader => Method == ClientAuthenticationMethod.SecretBasic;

    /// <summary>Reads header and body; null with the error when they name nobody, or prove it in two ways at once.</summary>
    public static PresentedCredentials? Read(string? authorizationHeader, Parameters parameters, out OAuthError? error)
    {
        error = null;
        var clientId = parameters["client_id"];
        var secret = parameters["client_secret"];
        var assertion = parameters["client_assertion"];

        // RFC 6749 §2.3: one method per request.
        if ((authorizationHeader is not null ? 1 : 0) + (secret is not null ? 1 : 0) + (assertion is not null ? 1 : 0) > 1)
        {
            error = OAuthError.InvalidRequest("More than one client authentication method was used.");
            return null;
        }

        var presented = authorizationHeader is not null ? ReadBasic(authorizationHeader)
            : assertion is not null || parameters.Has("client_assertion_type") ? ReadAssertion(assertion, parameters["client_assertion_type"])
            : clientId is null ? null
            : secret is null ? new PresentedCredentials(clientId, ClientAuthenticationMethod.None)
            : new PresentedCredentials(clientId, ClientAuthenticationMethod.SecretPost) { Secret = secret };
        if (presented is null)
        {
            error = OAuthError.InvalidClient(authorizationHeader is not null ? "malformed Authorization header"
                : assertion is not null ? "malformed client assertion, or of another type"
                : "no client_id and no Authorization header");
            return null;
        }

        if (clientId is not null && !string.Equals(clientId, presented.ClientId, StringComparison.Ordinal))
        {
            error = OAuthError.InvalidRequest("The client_id differs from the authenticated client.");
            return null;
        }

        return presented;
    }

    // RFC 7521 §4.2: client_id may be left out, the assertion says who sends it. Whether that is true is judged later, with this client's keys.
    private static PresentedCredentials? ReadAssertion(string? assertion, string? type) =>
        type == JwtBearer && assertion is not null && Jwt.UnverifiedIssuerOf(assertion) is { Length: > 0 and <= 512 } issuer
            ? new PresentedCredentials(issuer, ClientAuthenticationMethod.PrivateKeyJwt) { Assertion = assertion }
            : null;

    // RFC 6749 §2.3.1: id and secret are form-encoded before they go into Basic (RFC 7617).
    private static PresentedCredentials? ReadBasic(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase) || value.Parameter is null)
        {
            return null;
        }

        Span<byte> bytes = value.Parameter.Length <= 2_048 ? stackalloc byte[1_536] : [];
        if (!Convert.TryFromBase64String(value.Parameter, bytes, out var length) || !Ascii.IsValid(bytes[..length]))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        var id = Parameters.DecodeComponent(text.AsSpan(0, colon));
        var secret = Parameters.DecodeComponent(text.AsSpan(colon + 1));
        return string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret) ? null : new PresentedCredentials(id, ClientAuthenticationMethod.SecretBasic) { Secret = secret };
    }
}
