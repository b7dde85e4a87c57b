using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Oidc.Tests;

/// <summary>The clients and resources every test starts with.</summary>
public sealed class TestConfiguration : IConfigurationSource
{
    public const string Secret = "a-secret-of-the-web-client-32-chars";

    private static readonly FrozenSet<string> EveryScope =
        Set("openid", "profile", "email", "phone", "address", "offline_access", "members", "members.read", "leads.read");

    /// <summary>A public client: code with PKCE, refresh tokens that rotate.</summary>
    public static Client Spa { get; } = new()
    {
        Id = "spa",
        Name = "Single-page application",
        FirstParty = true,
        AuthenticationMethods = Set("none"),
        GrantTypes = Set("authorization_code", "refresh_token"),
        RedirectUris = Set("https://app.example/callback"),
        PostLogoutRedirectUris = Set("https://app.example/"),
        Scopes = EveryScope,
    };

    /// <summary>A confidential client: PKCE as it likes, refresh tokens that stay, a redirect URI with a query of its own.</summary>
    public static Client Web { get; } = new()
    {
        Id = "web",
        Name = "Web application",
        FirstParty = true,
        AuthenticationMethods = Set("client_secret_basic", "client_secret_post"),
        Secrets = [SecretOf(Secret)],
        GrantTypes = Set("authorization_code", "refresh_token"),
        RedirectUris = Set("https://web.example/callback?tenant=7"),
        PostLogoutRedirectUris = Set("https://web.example/signed-out?tenant=7"),
        Scopes = EveryScope,
        RequirePkce = false,
    };

    /// <summary>A client of somebody else, who has to ask for everything, and may never ask for the address.</summary>
    public static Client Partner { get; } = new()
    {
        Id = "partner",
        Name = "Partner",
        AuthenticationMethods = Set("none"),
        GrantTypes = Set("authorization_code", "refresh_token"),
        RedirectUris = Set("https://partner.example/callback"),
        Scopes = Set("openid", "profile", "email", "phone", "offline_access", "members"),
    };

    /// <summary>A client that acts for itself.</summary>
    public static Client Machine { get; } = new()
    {
        Id = "machine",
        Name = "Machine",
        AuthenticationMethods = Set("client_secret_basic"),
        Secrets = [SecretOf(Secret)],
        GrantTypes = Set("client_credentials"),
        Scopes = Set("members.read", "leads.write"),
    };

    /// <summary>A client whose access tokens are handles.</summary>
    public static Client Referring { get; } = Web with
    {
        Id = "referring",
        ReferenceTokens = true,
        GrantTypes = Set("authorization_code", "refresh_token", "client_credentials"),
    };

    public const string ResourceSecret = "a-secret-of-a-resource-api-32-chars";

    public static IReadOnlyList<Resource> Resources { get; } =
    [
        new("members", ["members", "members.read"]) { Secrets = [SecretOf(ResourceSecret)] },
        new("smart-cs", ["leads.write", "leads.read"]) { Secrets = [SecretOf(ResourceSecret)] },
        new("identity", ["identity.admin"]),
    ];

    public Configuration Current { get; private set; } = new([Spa, Web, Partner, Machine, Referring], Resources);

    /// <summary>Puts a client into force in place of the one with its id.</summary>
    public void Put(Client client) => Current = new Configuration([.. Current.Clients.Where(other => other.Id != client.Id), client], Resources);

    public void Delete(string clientId) => Current = new Configuration(Current.Clients.Where(client => client.Id != clientId), Resources);

    public static FrozenSet<string> Set(params string[] values) => values.ToFrozenSet(StringComparer.Ordinal);

    public static ClientSecret SecretOf(string secret, DateTimeOffset? expiresAt = null) => new(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), expiresAt);
}
