// OpenID Connect Discovery §3, RFC 8414 §2: the metadata, computed from what is registered, so that it cannot lie.
using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Oidc;

/// <summary>Writes the provider's metadata document.</summary>
public static class DiscoveryDocument
{
    // OpenID Connect Core §5.1, by what userinfo and ID token can answer.
    private static readonly string[] ClaimsSupported =
        [StandardClaims.Subject, .. StandardClaims.Groups.SelectMany(group => group.Claims), "auth_time", "acr", "amr", "sid"];

    public static byte[] Write(OidcOptions options, Configuration configuration, IEnumerable<string> grantTypes)
    {
        var buffer = new ArrayBufferWriter<byte>(4_096);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            WriteEndpoints(writer, options.Issuer);
            writer.WriteStringArray("scopes_supported"u8, [.. ScopeAndResource.OpenIdScopes, .. configuration.Resources.SelectMany(resource => resource.Scopes)]);
            writer.WriteStringArray("response_types_supported"u8, ["code"]);
            writer.WriteStringArray("response_modes_supported"u8, [ResponseMode.Query, ResponseMode.FormPost]);
            writer.WriteStringArray("grant_types_supported"u8, [.. grantTypes.Order(StringComparer.Ordinal)]);
            writer.WriteStringArray("subject_types_supported"u8, ["public"]);
            writer.WriteStringArray("id_token_signing_alg_values_supported"u8, IdToken.Algorithms);
            WriteAuthentication(writer, "token"u8, ClientAuthenticationMethod.All);
            WriteAuthentication(writer, "revocation"u8, ClientAuthenticationMethod.All);
            WriteAuthentication(writer, "introspection"u8, [.. ClientAuthenticationMethod.All.Where(method => method != ClientAuthenticationMethod.None)]);
            writer.WriteStringArray("claim_types_supported"u8, ["normal"]);
            writer.WriteStringArray("claims_supported"u8, ClaimsSupported);
            writer.WriteStringArray("acr_values_supported"u8, Acr.Supported);
            writer.WriteStringArray("prompt_values_supported"u8, Prompt.All);
            writer.WriteStringArray("display_values_supported"u8, ["page", "popup", "touch", "wap"]);
            writer.WriteStringArray("ui_locales_supported"u8, options.UiLocales);
            writer.WriteStringArray("code_challenge_methods_supported"u8, [Pkce.S256]);

            // Back-Channel Logout §2.1, Front-Channel Logout §3.
            writer.WriteBoolean("backchannel_logout_supported"u8, true);
            writer.WriteBoolean("backchannel_logout_session_supported"u8, true);
            writer.WriteBoolean("frontchannel_logout_supported"u8, true);
            writer.WriteBoolean("frontchannel_logout_session_supported"u8, true);

            // RFC 9207 §3.
            writer.WriteBoolean("authorization_response_iss_parameter_supported"u8, true);
            writer.WriteBoolean("claims_parameter_supported"u8, true);
            writer.WriteBoolean("request_parameter_supported"u8, false);
            writer.WriteBoolean("request_uri_parameter_supported"u8, false);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAuthentication(Utf8JsonWriter writer, ReadOnlySpan<byte> endpoint, IReadOnlyList<string> methods)
    {
        writer.WriteStringArray([.. endpoint, .. "_endpoint_auth_methods_supported"u8], methods);
        writer.WriteStringArray([.. endpoint, .. "_endpoint_auth_signing_alg_values_supported"u8], Jose.Algorithms.All);
    }

    private static void WriteEndpoints(Utf8JsonWriter writer, string issuer)
    {
        writer.WriteString("issuer"u8, issuer);
        writer.WriteString("authorization_endpoint"u8, issuer + Endpoints.Authorize);
        writer.WriteString("token_endpoint"u8, issuer + Endpoints.Token);
        writer.WriteString("userinfo_endpoint"u8, issuer + Endpoints.UserInfo);
        writer.WriteString("introspection_endpoint"u8, issuer + Endpoints.Introspection);
        writer.WriteString("revocation_endpoint"u8, issuer + Endpoints.Revocation);
        writer.WriteString("jwks_uri"u8, issuer + Endpoints.Jwks);
        writer.WriteString("end_session_endpoint"u8, issuer + Endpoints.EndSession);
    }
}
