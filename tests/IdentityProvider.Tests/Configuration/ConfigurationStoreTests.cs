using System.Text.Json;
using Harness;

namespace IdentityProvider.Tests;

public sealed class ConfigurationStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new ManualTime().Now;

    private readonly MigratedDatabase _database = new();

    public Task InitializeAsync() => _database.InitializeAsync();

    public Task DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Gives_back_every_member_of_a_client_as_it_was_saved()
    {
        var client = new ClientRow
        {
            Id = "shop",
            Name = "A shop",
            Enabled = true,
            FirstParty = true,
            AuthenticationMethods = ["client_secret_basic"],
            GrantTypes = ["authorization_code"],
            RedirectUris = ["https://shop.example.com/callback"],
            PostLogoutRedirectUris = ["https://shop.example.com/"],
            Scopes = ["openid"],
            RequirePkce = true,
            IdTokenAlgorithm = "ES256",
            RotateRefreshTokens = true,
            HomeUri = "https://shop.example.com/home",
            Jwks = """{"keys": [{"kty": "EC"}]}""",
            JwksUri = "https://shop.example.com/jwks",
            TokenEndpointAuthSigningAlg = "PS256",
            SecurityProfile = true,
            AccessTokenFormat = ClientRow.ReferenceFormat,
            BackchannelLogoutUri = "https://shop.example.com/back",
            BackchannelLogoutSessionRequired = true,
            FrontchannelLogoutUri = "https://shop.example.com/front",
            FrontchannelLogoutSessionRequired = true,
            SurvivesLogout = true,
            LogoUri = "https://shop.example.com/logo",
            PolicyUri = "https://shop.example.com/policy",
            TosUri = "https://shop.example.com/terms",
            RequiredAcr = "phr",
            ManagedBy = ConfigurationRows.ByFile,
            Origin = "development",
            CreatedAt = Now,
            UpdatedAt = Now,
        };
        await using (var connection = await _database.Source.OpenConnectionAsync())
        {
            await ClientTable.SaveAsync(connection, client, default);
            client.Name = "Another";
            await ClientTable.SaveAsync(connection, client, default);
        }

        var (read, _) = await new ConfigurationStore(_database.Source).ReadAsync(default);

        JsonSerializer.Serialize(read.Clients.Single()).ShouldBe(JsonSerializer.Serialize(client));
    }

    [Fact]
    public async Task Gives_back_what_a_resource_proves_itself_with()
    {
        await using (var connection = await _database.Source.OpenConnectionAsync())
        {
            await ConfigurationStore.SaveAsync(connection, new ResourceRow { Name = "members", ManagedBy = ConfigurationRows.ByFile, UpdatedAt = Now }, default);
            await ConfigurationStore.AddAsync(
                connection, new ResourceSecretRow { ResourceName = "members", Sha256 = [1, 2, 3], ManagedBy = ConfigurationRows.ByFile, CreatedAt = Now }, default);
        }

        var (read, _) = await new ConfigurationStore(_database.Source).ReadAsync(default);

        read.ToConfiguration().Resources.Single().Secrets.Single().Sha256.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Takes_a_client_from_a_node_that_does_not_know_the_newer_columns()
    {
        await _database.ExecuteAsync("""
            insert into clients (id, name, enabled, first_party, authentication_methods, grant_types, redirect_uris, post_logout_redirect_uris, scopes,
                require_pkce, id_token_algorithm, rotate_refresh_tokens, managed_by, created_at, updated_at)
            values ('old', 'Old', true, false, '{none}', '{}', '{}', '{}', '{}', true, 'RS256', false, 'file', $1, $1)
            """, Now);

        var (read, _) = await new ConfigurationStore(_database.Source).ReadAsync(default);

        var client = read.ToConfiguration().FindClient("old")!;
        (client.ReferenceTokens, client.SecurityProfile, client.SurvivesLogout).ShouldBe((false, false, false));
    }
}
