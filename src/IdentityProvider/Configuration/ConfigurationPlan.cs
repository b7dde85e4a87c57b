using System.Text.Json.Nodes;

namespace IdentityProvider;

/// <summary>
/// The difference between what a file asks for and what the database holds, before anything is changed. Only rows the file manages are touched; nothing is
/// deleted, a client that was disabled stays so, and a secret that was once retired does not come back.
/// </summary>
public sealed class ConfigurationPlan
{
    private readonly List<string> _lines = [];

    private ConfigurationPlan()
    {
    }

    public List<ResourceRow> Resources { get; } = [];
    public List<ResourceScopeRow> Scopes { get; } = [];
    public List<ClientRow> Clients { get; } = [];
    public List<ClientSecretRow> Secrets { get; } = [];
    public List<ResourceSecretRow> ResourceSecrets { get; } = [];

    /// <summary>What will be done and what was left alone, one line each, nothing secret.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public bool IsEmpty => Resources.Count + Scopes.Count + Clients.Count + Secrets.Count + ResourceSecrets.Count == 0;

    public static ConfigurationPlan Between(ConfigurationRows wanted, ConfigurationRows held, DateTimeOffset now)
    {
        var plan = new ConfigurationPlan();
        var heldResources = held.Resources.ToDictionary(row => row.Name, StringComparer.Ordinal);
        var heldScopes = held.Scopes.ToDictionary(row => row.Scope, row => row.ResourceName, StringComparer.Ordinal);
        foreach (var resource in wanted.Resources)
        {
            plan.Plan(resource, heldResources.GetValueOrDefault(resource.Name), [.. wanted.Scopes.Where(scope => scope.ResourceName == resource.Name)], heldScopes);
        }

        var foreignResources = held.Resources.Where(row => row.ManagedBy != ConfigurationRows.ByFile).Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var secret in wanted.ResourceSecrets.Where(secret => !foreignResources.Contains(secret.ResourceName)))
        {
            plan.Plan(secret, held.ResourceSecrets);
        }

        var heldClients = held.Clients.ToDictionary(row => row.Id, StringComparer.Ordinal);
        foreach (var client in wanted.Clients)
        {
            plan.Plan(client, heldClients.GetValueOrDefault(client.Id), now);
        }

        var foreign = held.Clients.Where(row => row.ManagedBy != ConfigurationRows.ByFile).Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var secret in wanted.Secrets.Where(secret => !foreign.Contains(secret.ClientId)))
        {
            plan.Plan(secret, held.Secrets);
        }

        foreach (var left in held.Clients.Where(row => row.ManagedBy == ConfigurationRows.ByFile && !wanted.Clients.Any(client => client.Id == row.Id)))
        {
            plan._lines.Add($"keep client {left.Id}: no longer in the file, and the file deletes nothing");
        }

        return plan;
    }

    private void Plan(ResourceRow wanted, ResourceRow? held, List<ResourceScopeRow> scopes, Dictionary<string, string> heldScopes)
    {
        if (held is { ManagedBy: not ConfigurationRows.ByFile })
        {
            _lines.Add($"leave resource {wanted.Name}: managed in the console");
            return;
        }
        if (held is null)
        {
            _lines.Add($"create resource {wanted.Name}");
            Resources.Add(wanted);
        }
        foreach (var scope in scopes)
        {
            if (!heldScopes.TryGetValue(scope.Scope, out var owner))
            {
                _lines.Add($"add scope {scope.Scope} to resource {wanted.Name}");
                Scopes.Add(scope);
            }
            else if (owner != wanted.Name)
            {
                _lines.Add($"leave scope {scope.Scope}: it belongs to resource {owner}");
            }
        }
    }

    private void Plan(ClientRow wanted, ClientRow? held, DateTimeOffset now)
    {
        switch (held)
        {
            case null:
                _lines.Add($"create client {wanted.Id}");
                Clients.Add(wanted);
                return;
            case { ManagedBy: not ConfigurationRows.ByFile }:
                _lines.Add($"leave client {wanted.Id}: managed in the console");
                return;
            case { Enabled: false } when wanted.Enabled:
                _lines.Add($"leave client {wanted.Id} disabled");
                wanted.Enabled = false;
                break;
        }
        if (ChangesOf(held, wanted) is { Count: > 0 } changes)
        {
            _lines.Add($"update client {wanted.Id}: {string.Join(", ", changes)}");
            wanted.UpdatedAt = now;
            Clients.Add(wanted);
        }
    }

    private void Plan(ClientSecretRow wanted, IReadOnlyList<ClientSecretRow> held)
    {
        var same = held.FirstOrDefault(row => row.ClientId == wanted.ClientId && row.Sha256.AsSpan().SequenceEqual(wanted.Sha256));
        if (same is { RetiredAt: not null })
        {
            _lines.Add($"leave the secret of client {wanted.ClientId} retired");
        }
        else if (same is null)
        {
            _lines.Add($"add a secret to client {wanted.ClientId}");
            Secrets.Add(wanted);
        }
    }

    private void Plan(ResourceSecretRow wanted, IReadOnlyList<ResourceSecretRow> held)
    {
        var same = held.FirstOrDefault(row => row.ResourceName == wanted.ResourceName && row.Sha256.AsSpan().SequenceEqual(wanted.Sha256));
        if (same is { RetiredAt: not null })
        {
            _lines.Add($"leave the secret of resource {wanted.ResourceName} retired");
        }
        else if (same is null)
        {
            _lines.Add($"add a secret to resource {wanted.ResourceName}");
            ResourceSecrets.Add(wanted);
        }
    }

    private static List<string> ChangesOf(ClientRow held, ClientRow wanted)
    {
        var changes = new List<string>();
        Compare("name", held.Name == wanted.Name);
        Compare("enabled", held.Enabled == wanted.Enabled);
        Compare("first_party", held.FirstParty == wanted.FirstParty);
        Compare("authentication", Same(held.AuthenticationMethods, wanted.AuthenticationMethods));
        Compare("grants", Same(held.GrantTypes, wanted.GrantTypes));
        Compare("redirect_uris", Same(held.RedirectUris, wanted.RedirectUris));
        Compare("post_logout_redirect_uris", Same(held.PostLogoutRedirectUris, wanted.PostLogoutRedirectUris));
        Compare("scopes", Same(held.Scopes, wanted.Scopes));
        Compare("require_pkce", held.RequirePkce == wanted.RequirePkce);
        Compare("id_token_algorithm", held.IdTokenAlgorithm == wanted.IdTokenAlgorithm);
        Compare("rotate_refresh_tokens", held.RotateRefreshTokens == wanted.RotateRefreshTokens);
        Compare("home_uri", held.HomeUri == wanted.HomeUri);
        Compare("jwks", SameJson(held.Jwks, wanted.Jwks));
        Compare("jwks_uri", held.JwksUri == wanted.JwksUri);
        Compare("token_endpoint_auth_signing_alg", held.TokenEndpointAuthSigningAlg == wanted.TokenEndpointAuthSigningAlg);
        Compare("security_profile", held.SecurityProfile == wanted.SecurityProfile);
        Compare("access_token_format", held.AccessTokenFormat == wanted.AccessTokenFormat);
        Compare("backchannel_logout_uri", held.BackchannelLogoutUri == wanted.BackchannelLogoutUri);
        Compare("backchannel_logout_session_required", held.BackchannelLogoutSessionRequired == wanted.BackchannelLogoutSessionRequired);
        Compare("frontchannel_logout_uri", held.FrontchannelLogoutUri == wanted.FrontchannelLogoutUri);
        Compare("frontchannel_logout_session_required", held.FrontchannelLogoutSessionRequired == wanted.FrontchannelLogoutSessionRequired);
        Compare("survives_logout", held.SurvivesLogout == wanted.SurvivesLogout);
        Compare("logo_uri", held.LogoUri == wanted.LogoUri);
        Compare("policy_uri", held.PolicyUri == wanted.PolicyUri);
        Compare("tos_uri", held.TosUri == wanted.TosUri);
        Compare("required_acr", held.RequiredAcr == wanted.RequiredAcr);
        Compare("origin", held.Origin == wanted.Origin);
        return changes;

        void Compare(string name, bool same)
        {
            if (!same)
            {
                changes.Add(name);
            }
        }
    }

    // PostgreSQL keeps what jsonb means, not how it was written.
    private static bool SameJson(string? one, string? other) =>
        one is null || other is null ? one == other : JsonNode.DeepEquals(JsonNode.Parse(one), JsonNode.Parse(other));

    private static bool Same(string[] one, string[] other) => one.Length == other.Length && one.ToHashSet(StringComparer.Ordinal).SetEquals(other);
}
