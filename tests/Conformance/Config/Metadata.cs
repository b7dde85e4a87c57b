using System.Text.RegularExpressions;

namespace Conformance;

/// <summary>What a discovery document may hold, and how (OpenID Connect Discovery §3, RFC 8414 §2 and what IANA registered since).</summary>
public static partial class Metadata
{
    private static readonly string[] Addresses =
    [
        "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "registration_endpoint", "introspection_endpoint", "revocation_endpoint",
        "end_session_endpoint", "check_session_iframe", "device_authorization_endpoint", "pushed_authorization_request_endpoint",
        "backchannel_authentication_endpoint", "service_documentation", "op_policy_uri", "op_tos_uri",
    ];

    private static readonly string[] Switches =
    [
        "authorization_response_iss_parameter_supported", "claims_parameter_supported", "request_parameter_supported", "request_uri_parameter_supported",
        "require_request_uri_registration", "require_pushed_authorization_requests", "require_signed_request_object",
        "backchannel_logout_supported", "backchannel_logout_session_supported", "frontchannel_logout_supported", "frontchannel_logout_session_supported",
        "tls_client_certificate_bound_access_tokens", "backchannel_user_code_parameter_supported",
    ];

    private static readonly string[] Lists =
    [
        "scopes_supported", "response_types_supported", "response_modes_supported", "grant_types_supported", "acr_values_supported", "subject_types_supported",
        "id_token_signing_alg_values_supported", "id_token_encryption_alg_values_supported", "id_token_encryption_enc_values_supported",
        "userinfo_signing_alg_values_supported", "userinfo_encryption_alg_values_supported", "userinfo_encryption_enc_values_supported",
        "request_object_signing_alg_values_supported", "request_object_encryption_alg_values_supported", "request_object_encryption_enc_values_supported",
        "token_endpoint_auth_methods_supported", "token_endpoint_auth_signing_alg_values_supported",
        "introspection_endpoint_auth_methods_supported", "introspection_endpoint_auth_signing_alg_values_supported",
        "revocation_endpoint_auth_methods_supported", "revocation_endpoint_auth_signing_alg_values_supported",
        "display_values_supported", "claim_types_supported", "claims_supported", "claims_locales_supported", "ui_locales_supported", "prompt_values_supported",
        "code_challenge_methods_supported", "dpop_signing_alg_values_supported", "authorization_details_types_supported",
        "backchannel_token_delivery_modes_supported", "backchannel_authentication_request_signing_alg_values_supported",
        "authorization_signing_alg_values_supported", "introspection_signing_alg_values_supported", "protected_resources",
    ];

    /// <summary>Every member is one that a client may know, of its type; every address is https, every list says something once.</summary>
    public static void ShouldBeKnownAndTyped(JsonElement metadata)
    {
        metadata.EnumerateObject().Select(member => member.Name).ShouldBeUnique();
        foreach (var member in metadata.EnumerateObject())
        {
            if (Addresses.Contains(member.Name))
            {
                ShouldBeHttps(member.Value.GetString()!);
            }
            else if (Switches.Contains(member.Name))
            {
                member.Value.ValueKind.ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);
            }
            else if (Lists.Contains(member.Name))
            {
                var items = member.Value.EnumerateArray().Select(item => item.GetString()).ToArray();
                items.ShouldNotBeEmpty(member.Name);
                items.ShouldBeUnique(member.Name);
            }
            else
            {
                member.Name.ShouldBe("issuer", $"Nobody registered the member {member.Name}.");
            }
        }
    }

    /// <summary>RFC 5646 in its canonical casing (§2.1.1).</summary>
    public static void ShouldBeLanguages(IEnumerable<string> tags)
    {
        foreach (var tag in tags)
        {
            tag.ShouldMatch(Language().ToString());
        }
    }

    public static void ShouldBeHttps(string address)
    {
        var uri = new Uri(address, UriKind.Absolute);
        uri.Scheme.ShouldBe("https", address);
        uri.UserInfo.ShouldBeEmpty();
        uri.Fragment.ShouldBeEmpty();
    }

    [GeneratedRegex(@"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\z")]
    private static partial Regex Language();
}
