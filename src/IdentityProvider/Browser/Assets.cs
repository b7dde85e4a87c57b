using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Style sheet, script and pictures of the pages: part of the assembly, compressed once, under addresses that name their content and may
/// therefore be cached for ever.
/// </summary>
public static class Assets
{
    public const string Path = "/assets/";

    private const string ResourcePrefix = "wwwroot/";

    private static readonly FrozenDictionary<string, Asset> ByName = Load().ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, Asset> ByPath = ByName.Values.ToFrozenDictionary(asset => asset.Path, StringComparer.Ordinal);

    /// <summary>The address of a file in <c>wwwroot</c>.</summary>
    public static string PathOf(string name) => ByName[name].Path;

    /// <summary>Answers a request for an asset; an address whose content is gone is not found.</summary>
    public static Task ServeAsync(HttpContext context)
    {
        var response = context.Response;
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return OAuthEndpoint.WriteMethodNotAllowedAsync(context, "GET, HEAD");
        }

        if (!ByPath.TryGetValue(context.Request.Path.Value!, out var asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.ContentType = asset.ContentType;
        var body = asset.Plain;
        if (Accepts(context.Request, "br"))
        {
            response.Headers.ContentEncoding = "br";
            body = asset.Brotli.Value;
        }

        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    // RFC 9110 §12.5.3; a browser that weighs encodings against each other does not exist.
    private static bool Accepts(HttpRequest request, string encoding) =>
        request.Headers.AcceptEncoding.Any(value => value is not null && value.Split(',').Any(item => item.Trim() == encoding));

    private static IEnumerable<Asset> Load()
    {
        var assembly = typeof(Assets).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)).Select(name => Read(assembly, name));
    }

    private static Asset Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return new Asset(resource[ResourcePrefix.Length..], content);
    }

    private sealed class Asset(string name, byte[] plain)
    {
        public string Name => name;
        public byte[] Plain => plain;
        public string Path { get; } = Assets.Path + name.Insert(name.LastIndexOf('.'), "." + Convert.ToHexStringLower(SHA256.HashData(plain))[..12]);
        public Lazy<byte[]> Brotli { get; } = new(() => Compress(plain));

        public string ContentType { get; } = System.IO.Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".mjs" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => throw new InvalidOperationException($"{name} has no known content type."),
        };

        private static byte[] Compress(byte[] content)
        {
            using var compressed = new MemoryStream();
            using (var brotli = new BrotliStream(compressed, CompressionLevel.SmallestSize))
            {
                brotli.Write(content);
            }

            return compressed.ToArray();
        }
    }
}
