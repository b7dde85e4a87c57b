using Oidc;

namespace IdentityProvider;

/// <summary>Everything configured, as rows: what the database holds, or what a file asks for.</summary>
public sealed record ConfigurationRows(IReadOnlyList<ClientRow> Clients, IReadOnlyList<ClientSecretRow> Secrets, IReadOnlyList<ResourceRow> Resources, IReadOnlyList<ResourceScopeRow> Scopes)
{
    public const string ByFile = "file";

    public IReadOnlyList<ResourceSecretRow> ResourceSecrets { get; init; } = [];

    /// <summary>What the engine reads.</summary>
    public Oidc.Configuration ToConfiguration()
    {
        var secrets = Secrets.Where(secret => secret.RetiredAt is null).ToLookup(secret => secret.ClientId, secret => new ClientSecret(secret.Sha256, secret.ExpiresAt), StringComparer.Ordinal);
        var ofResources = ResourceSecrets.Where(secret => secret.RetiredAt is null)
            .ToLookup(secret => secret.ResourceName, secret => new ClientSecret(secret.Sha256, secret.ExpiresAt), StringComparer.Ordinal);
        var scopes = Scopes.ToLookup(scope => scope.ResourceName, scope => scope.Scope, StringComparer.Ordinal);
        return new Oidc.Configuration(
            Clients.Select(client => client.ToClient([.. secrets[client.Id]])),
            Resources.Select(resource => new Resource(resource.Name, [.. scopes[resource.Name].Order(StringComparer.Ordinal)]) { Secrets = [.. ofResources[resource.Name]] }));
    }
}
