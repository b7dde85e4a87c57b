using Harness;

namespace IdentityProvider.Tests;

public sealed class ConfigurationPlanTests
{
    private static readonly DateTimeOffset Now = new ManualTime().Now;

    private static ClientRow Client(Action<ClientRow>? change = null)
    {
        var client = new ClientRow
        {
            Id = "shop",
            Name = "A shop",
            Enabled = true,
            AuthenticationMethods = ["client_secret_basic"],
            GrantTypes = ["authorization_code"],
            RedirectUris = ["https://shop.example.com/callback"],
            PostLogoutRedirectUris = [],
            Scopes = ["openid", "members"],
            RequirePkce = true,
            IdTokenAlgorithm = "RS256",
            ManagedBy = ConfigurationRows.ByFile,
        };
        change?.Invoke(client);
        return client;
    }

    private static ClientSecretRow Secret(DateTimeOffset? retiredAt = null) => new() { ClientId = "shop", Sha256 = [1, 2, 3], RetiredAt = retiredAt, ManagedBy = ConfigurationRows.ByFile };

    private static ConfigurationRows Rows(ClientRow? client = null, ClientSecretRow? secret = null, ResourceRow[]? resources = null, ResourceScopeRow[]? scopes = null) =>
        new(client is null ? [] : [client], secret is null ? [] : [secret], resources ?? [], scopes ?? []);

    private static ConfigurationPlan Plan(ConfigurationRows wanted, ConfigurationRows held) => ConfigurationPlan.Between(wanted, held, Now);

    [Fact]
    public void Creates_what_is_missing()
    {
        var plan = Plan(Rows(Client(), Secret()), Rows());

        plan.Lines.ShouldBe(["create client shop", "add a secret to client shop"]);
        plan.Clients.Count.ShouldBe(1);
    }

    [Fact]
    public void Changes_nothing_that_is_as_wanted() => Plan(Rows(Client(), Secret()), Rows(Client(row => row.Scopes = ["members", "openid"]), Secret())).IsEmpty.ShouldBeTrue();

    [Fact]
    public void Names_what_it_updates()
    {
        var plan = Plan(Rows(Client(row => (row.Name, row.RequirePkce) = ("Another", false))), Rows(Client()));

        plan.Lines.ShouldBe(["update client shop: name, require_pkce"]);
        plan.Clients.Single().UpdatedAt.ShouldBe(Now);
    }

    [Fact]
    public void Leaves_alone_what_the_console_manages()
    {
        var plan = Plan(Rows(Client(row => row.Name = "Another"), Secret()), Rows(Client(row => row.ManagedBy = "console")));

        plan.IsEmpty.ShouldBeTrue();
        plan.Lines.ShouldBe(["leave client shop: managed in the console"]);
    }

    [Fact]
    public void Never_enables_what_was_disabled()
    {
        var plan = Plan(Rows(Client(row => row.Name = "Another")), Rows(Client(row => row.Enabled = false)));

        plan.Clients.Single().Enabled.ShouldBeFalse();
        plan.Lines.ShouldContain("leave client shop disabled");
    }

    [Fact]
    public void Disables_what_the_file_disables() => Plan(Rows(Client(row => row.Enabled = false)), Rows(Client())).Clients.Single().Enabled.ShouldBeFalse();

    [Fact]
    public void Never_brings_a_retired_secret_back()
    {
        var plan = Plan(Rows(Client(), Secret()), Rows(Client(), Secret(retiredAt: Now)));

        plan.IsEmpty.ShouldBeTrue();
        plan.Lines.ShouldBe(["leave the secret of client shop retired"]);
    }

    [Fact]
    public void Never_deletes()
    {
        var plan = Plan(Rows(), Rows(Client(), Secret()));

        plan.IsEmpty.ShouldBeTrue();
        plan.Lines.ShouldBe(["keep client shop: no longer in the file, and the file deletes nothing"]);
    }

    [Fact]
    public void Leaves_a_scope_with_the_resource_that_has_it()
    {
        ResourceRow members = new() { Name = "members", ManagedBy = "console" }, shop = new() { Name = "shop", ManagedBy = ConfigurationRows.ByFile };
        ResourceScopeRow held = new() { Scope = "orders", ResourceName = "members" }, wanted = new() { Scope = "orders", ResourceName = "shop" };

        var plan = Plan(Rows(resources: [shop], scopes: [wanted]), Rows(resources: [members], scopes: [held]));

        plan.Scopes.ShouldBeEmpty();
        plan.Lines.ShouldBe(["create resource shop", "leave scope orders: it belongs to resource members"]);
    }
}
