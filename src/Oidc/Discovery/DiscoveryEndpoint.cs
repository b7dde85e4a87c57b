// OpenID Connect Discovery §4, RFC 8414 §3, RFC 7517 §5: two fixed documents, serialised before anybody asks.
using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Oidc;

/// <summary>Serves the metadata and the JWKS from bytes that are made once per configuration and once per key ring.</summary>
public sealed class DiscoveryEndpoint(OidcOptions options, KeyPeriods periods, IConfigurationSource configuration, ISigningKeys keys, IEnumerable<IGrant> grants)
{
    private readonly string[] _grantTypes = [.. grants.Select(grant => grant.Type)];
    private readonly string _cacheControl = "public, max-age=" + ((int)periods.CacheFor.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    private Document? _document;

    private sealed record Document(Configuration For, byte[] Bytes);

    public Task HandleMetadataAsync(HttpContext context)
    {
        var current = configuration.Current;
        var document = _document;
        if (document is null || !ReferenceEquals(document.For, current))
        {
            _document = document = new Document(current, DiscoveryDocument.Write(options, current, _grantTypes));
        }

        return WriteAsync(context, document.Bytes, "application/json");
    }

    // RFC 7517 §8.5.2 registers this media type; "application/json" is what every client library expects and accepts.
    public Task HandleJwksAsync(HttpContext context) => WriteAsync(context, keys.Current.Jwks, "application/json");

    private Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> document, string contentType)
    {
        var isGet = HttpMethods.IsGet(context.Request.Method);
        if (!isGet && !HttpMethods.IsHead(context.Request.Method))
        {
            return OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET, HEAD");
        }

        var response = context.Response;
        response.ContentType = contentType;
        response.ContentLength = document.Length;
        response.Headers.CacheControl = _cacheControl;
        if (isGet)
        {
            response.BodyWriter.Write(document.Span);
        }

        return Task.CompletedTask;
    }
}
