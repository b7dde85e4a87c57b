// RFC 8707 and RFC 6749 §3.3: clients, resources and scopes, as one immutable snapshot.
using System.Collections.Frozen;
using System.Globalization;

namespace Oidc;

/// <summary>
/// A resource API (RFC 8707): <paramref name="Name"/> goes into <c>aud</c>, <see cref="Uri"/> is what a client sends as <c>resource</c>.
/// </summary>
public sealed record Resource(string Name, IReadOnlyList<string> Scopes)
{
    /// <summary>The name of this provider's own API, in <c>aud</c>.</summary>
    public const string Account = "identity";

    public string Uri { get; } = "urn:identity:resource:" + Name;

    /// <summary>RFC 7662 §2.1: what the API proves itself with when it asks about tokens addressed to it.</summary>
    public IReadOnlyList<ClientSecret> Secrets { get; init; } = [];
}

/// <summary>
/// Everything an administrator configures, at one instant. Replaced as a whole, so a request that took <see cref="IConfigurationSource.Current"/>
/// once sees one consistent world.
/// </summary>
public sealed class Configuration
{
    private readonly FrozenDictionary<string, Client> _clients;
    private readonly FrozenDictionary<string, Resource> _resourceByScope;
    private readonly FrozenDictionary<string, Resource> _resourceByUri;
    private readonly FrozenDictionary<string, Resource> _resourceByName;

    public Configuration(IEnumerable<Client> clients, IEnumerable<Resource> resources)
    {
        _clients = clients.ToFrozenDictionary(client => client.Id, StringComparer.Ordinal);
        Resources = [.. resources];
        _resourceByScope = Resources.SelectMany(resource => resource.Scopes, (resource, scope) => (scope, resource))
            .ToFrozenDictionary(pair => pair.scope, pair => pair.resource, StringComparer.Ordinal);
        _resourceByUri = Resources.ToFrozenDictionary(resource => resource.Uri, StringComparer.Ordinal);
        _resourceByName = Resources.ToFrozenDictionary(resource => resource.Name, StringComparer.Ordinal);
        CorsOrigins = CorsOriginsOf(_clients.Values);
    }

    public IReadOnlyList<Resource> Resources { get; }

    public IReadOnlyCollection<Client> Clients => _clients.Values;

    /// <summary>The origins of all redirect URIs of enabled public clients: browsers there may call token, userinfo, discovery and JWKS.</summary>
    public FrozenSet<string> CorsOrigins { get; }

    public Client? FindClient(string id) => _clients.GetValueOrDefault(id);

    /// <summary>The resource a scope belongs to; null for the scopes of OpenID Connect itself.</summary>
    public Resource? ResourceOf(string scope) => _resourceByScope.GetValueOrDefault(scope);

    public Resource? FindResource(string uri) => _resourceByUri.GetValueOrDefault(uri);

    public Resource? FindResourceByName(string name) => _resourceByName.GetValueOrDefault(name);

    // OAuth 2.0 for Browser-Based Applications: an origin is registered by registering a redirect URI there. Normalised once, here,
    // so that a trailing slash or an explicit default port can never make it silently not match.
    private static FrozenSet<string> CorsOriginsOf(IEnumerable<Client> clients) =>
        clients.Where(client => client is { Enabled: true, IsPublic: true })
            .SelectMany(client => client.RedirectUris)
            .Select(OriginOf)
            .OfType<string>()
            .ToFrozenSet(StringComparer.Ordinal);

    // RFC 6454 §6.2: as browsers write it, with the host in punycode and without a default port. An app's own scheme has none.
    private static string? OriginOf(string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
        {
            return null;
        }

        var host = parsed.HostNameType == UriHostNameType.Dns ? parsed.IdnHost : parsed.Host;
        return parsed.IsDefaultPort ? $"{parsed.Scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{parsed.Scheme}://{host}:{parsed.Port}");
    }
}

/// <summary>Gives the configuration in force. Reading it costs nothing; a change replaces the whole object.</summary>
public interface IConfigurationSource
{
    Configuration Current { get; }
}
