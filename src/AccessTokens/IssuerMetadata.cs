using System.Text.Json;

namespace AccessTokens;

/// <summary>Where the issuer says its things are (OpenID Connect Discovery 1.0 §3, RFC 8414 §2), as far as an API needs them.</summary>
/// <param name="Keys"><c>jwks_uri</c>; null when there is none that may be used.</param>
/// <param name="Introspection"><c>introspection_endpoint</c>; null likewise.</param>
internal sealed record IssuerMetadata(Uri? Keys, Uri? Introspection)
{
    /// <summary>Reads the document; null when it is somebody else's.</summary>
    public static async Task<IssuerMetadata?> ReadAsync(HttpClient client, AccessTokenOptions settings)
    {
        using var response = await client.GetAsync(settings.MetadataAddress);
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(
            await response.Content.ReadAsByteArrayAsync(), new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });

        // OpenID Connect Discovery 1.0 §4.3: else one issuer could publish keys for another.
        var metadata = document.RootElement;
        return TextOf(metadata, "issuer") == settings.Issuer
            ? new IssuerMetadata(AddressOf(metadata, "jwks_uri", settings.Issuer), AddressOf(metadata, "introspection_endpoint", settings.Issuer))
            : null;
    }

    // What comes or goes over an open line is anybody's; only an issuer that is itself on one (in development) may say so.
    private static Uri? AddressOf(JsonElement metadata, string name, string issuer) =>
        Uri.TryCreate(TextOf(metadata, name), UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == new Uri(issuer).Scheme)
                ? address
                : null;

    private static string? TextOf(JsonElement metadata, string name) =>
        metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
}
