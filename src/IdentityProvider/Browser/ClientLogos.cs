using System.Collections.Concurrent;
using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>
/// The logos clients registered, fetched by us and given out under our own address: a page that asks whom to trust loads nothing from anybody else, and
/// tells nobody who is looking at it. Pictures made of points only; what else an address serves is no logo.
/// </summary>
internal sealed class ClientLogos(OutboundClient outbound, IConfigurationSource configuration, TimeProvider time)
{
    public const string Path = "/consent/logo";
    public const string Parameter = "client";

    private static readonly TimeSpan KeepFound = TimeSpan.FromHours(24), KeepMissing = TimeSpan.FromMinutes(10);

    // As many as there are registered addresses, each of at most OutboundClient.MaxBytes.
    private readonly ConcurrentDictionary<Uri, Lazy<Task<Logo>>> _logos = new();

    private sealed record Logo(byte[] Content, string? Type, DateTimeOffset Until);

    /// <summary>The address of a client's logo here; null when it registered none.</summary>
    public static string? PathOf(Client client) => client.LogoUri is null ? null : Path + QueryString.Create(Parameter, client.Id);

    public async Task ServeAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (OAuthEndpoint.ReadQuery(context).Parameters[Parameter] is not { } id || configuration.Current.FindClient(id) is not { Enabled: true, LogoUri: { } address }
            || await FindAsync(address) is not { Type: { } type, Content: var content })
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.ContentType = type;
        response.ContentLength = content.Length;
        response.Headers.CacheControl = "private, max-age=3600";
        await response.Body.WriteAsync(content, context.RequestAborted);
    }

    private async Task<Logo> FindAsync(Uri address)
    {
        var held = _logos.GetOrAdd(address, Fetch);
        var logo = await held.Value;
        if (logo.Until > time.GetUtcNow())
        {
            return logo;
        }

        // Of those who find it too old one asks anew, and all wait for that answer.
        var next = Fetch(address);
        return await (_logos.TryUpdate(address, next, held) ? next : _logos.GetOrAdd(address, next)).Value;
    }

    private Lazy<Task<Logo>> Fetch(Uri address) => new(() => FetchAsync(address));

    private async Task<Logo> FetchAsync(Uri address)
    {
        // Not the request's own token: others wait for the same picture.
        var content = await outbound.GetAsync(address, CancellationToken.None) is OutboundOutcome.Answered { Succeeded: true, Body: var body } ? body : [];
        var type = TypeOf(content);
        return new Logo(type is null ? [] : content, type, time.GetUtcNow() + (type is null ? KeepMissing : KeepFound));
    }

    // By what it is, whatever its server calls it.
    private static string? TypeOf(ReadOnlySpan<byte> content) =>
        content is [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] ? "image/png"
        : content is [0xFF, 0xD8, 0xFF, ..] ? "image/jpeg"
        : content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8) ? "image/gif"
        : content is [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] ? "image/webp"
        : null;
}
