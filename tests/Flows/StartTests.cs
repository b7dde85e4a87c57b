using Harness;
using IdentityProvider;
using ProviderHarness;

namespace Flows;

public sealed class StartTests
{
    private const string Production = "environment=Production", Https = "Oidc:Issuer=https://id.example.com", NoFile = "Configuration:File=";

    private static readonly string SameKek = "Keys:Kek=" + Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(number => (byte)number)]);

    [Fact]
    public async Task Production_refuses_a_database_that_holds_development_rows()
    {
        await using var database = await Cluster.CreateDatabaseAsync();
        await (await Provider.StartAsync(database, SameKek)).DisposeAsync();

        await ShouldBeRefusedAsync(database, "ConnectionStrings:Identity ", SameKek, Production, Https, NoFile);
    }

    [Fact]
    public async Task Production_refuses_the_development_configuration()
    {
        await using var database = await Cluster.CreateDatabaseAsync();

        await ShouldBeRefusedAsync(database, "Configuration:File ", Production, Https);
    }

    [Fact]
    public async Task Production_refuses_an_http_issuer()
    {
        await using var database = await Cluster.CreateDatabaseAsync();

        await ShouldBeRefusedAsync(database, "Oidc:Issuer ", Production, NoFile);
    }

    [Fact]
    public async Task Production_starts_on_a_database_of_its_own()
    {
        await using var database = await Cluster.CreateDatabaseAsync();
        await using var provider = await Provider.StartAsync(database, Production, Https, NoFile);

        var metadata = await provider.Client.GetStringAsync("/.well-known/openid-configuration");

        metadata.ShouldContain("\"issuer\": \"https://id.example.com\"");
        (await provider.CountAsync("select count(*) from clients")).ShouldBe(0);
        (await provider.CountAsync("select count(*) from people")).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_start_changes_nothing()
    {
        await using var database = await Cluster.CreateDatabaseAsync();
        await using var provider = await Provider.StartAsync(database);
        const string Rows = "select hashtextextended(string_agg(t, '|' order by t), 0) from (select c::text t from clients c union all select s::text from client_secrets s union all select p::text from people p) all_rows";
        var before = await provider.CountAsync(Rows);

        await using var second = await provider.StartSecondNodeAsync();

        (await provider.CountAsync(Rows)).ShouldBe(before);
    }

    [Fact]
    public async Task Two_nodes_start_on_a_fresh_database_at_once()
    {
        await using var database = await Cluster.CreateDatabaseAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Provider.StartAsync(database, SameKek)));

        (await nodes[0].CountAsync("select count(*) from signing_keys")).ShouldBe(3);
        (await nodes[0].CountAsync("select count(*) from data_protection_keys")).ShouldBe(1);
        (await nodes[0].CountAsync("select count(*) from people")).ShouldBe(4);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Draws_the_administrators_password_into_a_file_only_we_can_read_and_leaves_the_person_alone_ever_after()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "admin-password");
        await using var database = await Cluster.CreateDatabaseAsync();
        await using var provider = await Provider.StartAsync(database, "Admin:PasswordFile=" + path);
        const string Administrators = "select count(*) from people p join person_roles pr on pr.person_id = p.id join roles r on r.id = pr.role_id where r.name = 'admin' and p.email = 'admin@example.com'";

        (await File.ReadAllTextAsync(path)).Trim().Length.ShouldBe(20);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        (await provider.CountAsync(Administrators)).ShouldBe(1);

        await provider.ExecuteAsync("update people set password_hash = 'changed' where email = 'admin@example.com'");
        await using var second = await provider.StartSecondNodeAsync();
        (await provider.CountAsync("select count(*) from people where password_hash = 'changed'")).ShouldBe(1);
    }

    [Fact]
    public async Task Waits_for_a_PostgreSQL_that_is_still_starting()
    {
        await using var cluster = await Cluster.StartNewAsync();
        var database = await cluster.AddDatabaseAsync();
        await cluster.StopAsync();

        var starting = Provider.StartAsync(database);
        await cluster.StartAsync();

        await using var provider = await starting;
        (await provider.Client.GetAsync("/health/ready")).IsSuccessStatusCode.ShouldBeTrue();
    }

    private static async Task ShouldBeRefusedAsync(Database database, string sentence, params string[] settings)
    {
        var refusal = await Should.ThrowAsync<StartRefusedException>(() => Provider.StartAsync(database, settings));
        refusal.Message.ShouldStartWith(sentence);
    }
}
