using System.Text;
using Harness;
using Microsoft.Extensions.Configuration;

namespace IdentityProvider.Tests;

public sealed class SettingsTests
{
    private static readonly string SomeKek = Convert.ToBase64String(Encoding.ASCII.GetBytes("0123456789abcdef0123456789abcdef"));

    private static Dictionary<string, string?> Valid() => new()
    {
        ["Oidc:Issuer"] = "https://id.example.com",
        ["ConnectionStrings:Identity"] = "Host=db.example.com;Database=identity;Username=identity;Password=secret-of-the-database",
        ["Keys:Kek"] = SomeKek,
    };

    private static ProviderSettings Read(Dictionary<string, string?> values, bool development = false) =>
        ProviderSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), development);

    [Fact]
    public void Three_are_enough_for_production()
    {
        var settings = Read(Valid());

        settings.Oidc.Issuer.ShouldBe("https://id.example.com");
        settings.Oidc.Lifetimes.Access.ShouldBe(TimeSpan.FromMinutes(10));
        settings.Oidc.Lifetimes.RefreshAbsolute.ShouldBe(TimeSpan.FromDays(90));
        settings.AdminPasswordFile.ShouldBeNull();
    }

    [Fact]
    public void The_issuer_in_development_is_the_first_port()
    {
        var values = Valid();
        values["Oidc:Issuer"] = null;
        values["PORT_BASE"] = "7000";

        Read(values, development: true).Oidc.Issuer.ShouldBe("http://localhost:7000");
    }

    [Theory]
    [InlineData("Oidc:Issuer", null)]
    [InlineData("Oidc:Issuer", "http://id.example.com")]
    [InlineData("Oidc:Issuer", "https://id.example.com/")]
    [InlineData("Oidc:Issuer", "https://id.example.com/path")]
    [InlineData("Oidc:Issuer", "https://ID.example.com")]
    [InlineData("Oidc:Issuer", "https://id.example.com:443")]
    [InlineData("Oidc:Issuer", "https://id.example.com?x=1")]
    [InlineData("Oidc:Issuer", "ftp://id.example.com")]
    [InlineData("Oidc:Issuer", "id.example.com")]
    [InlineData("ConnectionStrings:Identity", null)]
    [InlineData("ConnectionStrings:Identity", "no connection string")]
    [InlineData("ConnectionStrings:Identity", "Host=x;Prot=5432")]
    [InlineData("Keys:Kek", null)]
    [InlineData("Keys:Kek", "c2hvcnQ=")]
    [InlineData("Keys:Kek", "/nowhere/at/all")]
    [InlineData("Configuration:File", "/nowhere/at/all.yaml")]
    [InlineData("PORT_BASE", "0")]
    [InlineData("Proxy:Trusted", "my-proxy")]
    [InlineData("Outbound:Allow", "intranet.example")]
    [InlineData("Outbound:Allow", "https://intranet.example/path")]
    [InlineData("Outbound:Allow", "http://intranet.example")]
    [InlineData("Lifetimes:Code", "00:00:00")]
    [InlineData("Lifetimes:Code", "00:10:01")]
    [InlineData("Lifetimes:Access", "soon")]
    [InlineData("Lifetimes:RefreshIdle", "91.00:00:00")]
    [InlineData("Lifetimes:RefreshGrace", "00:02:00")]
    [InlineData("Lifetimes:SessionIdle", "13:00:00")]
    [InlineData("Lifetimes:Acces", "00:10:00")]
    [InlineData("OneTimeCodes:PerIp", "often")]
    [InlineData("Lockout:Attempts", "none")]
    [InlineData("Accounts:Enumeration", "maybe")]
    [InlineData("Smtp:Tls", "Never")]
    [InlineData("Smtp:Prot", "25")]
    public void One_that_cannot_work_is_refused_with_a_sentence_that_names_it(string name, string? value)
    {
        var values = Valid();
        values[name] = value;

        var refusal = Should.Throw<StartRefusedException>(() => Read(values));

        refusal.Message.Split(Environment.NewLine).Single().ShouldStartWith(name + " ");
        refusal.Message.ShouldEndWith(".");
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var values = Valid();
        values["Lifetimes:Code"] = "x";
        values["Smtp:Port"] = "x";

        Should.Throw<StartRefusedException>(() => Read(values)).Message.Split(Environment.NewLine).Length.ShouldBe(2);
    }

    [Fact]
    public void Production_names_each_bad_setting_in_a_sentence_of_its_own()
    {
        var values = new Dictionary<string, string?>
        {
            ["Oidc:Issuer"] = "http://id.example.com",
            ["ConnectionStrings:Identity"] = "Host=db.example.com;Username=identity;Password=postgres",
            ["Keys:Kek"] = Convert.ToBase64String(new byte[32]),
            ["Keys:AlsoRead"] = "c2hvcnQ=",
            ["Lifetimes:Code"] = "soon",
            ["Lifetimes:SessionIdle"] = "13:00:00",
            ["Smtp:Host"] = "localhost",
            ["Smtp:User"] = "sandbox",
            ["Telemetry:Otlp"] = "collector:4318",
            ["OneTimeCodes:Guesses"] = "many",
        };

        var sentences = Should.Throw<StartRefusedException>(() => Read(values)).Message.Split(Environment.NewLine);

        string[] bad =
        [
            "Oidc:Issuer", "ConnectionStrings:Identity", "Keys:Kek", "Keys:AlsoRead", "Lifetimes:Code", "Lifetimes:SessionIdle", "Smtp:From", "Smtp:Host", "Smtp:User", "Telemetry:Otlp",
            "OneTimeCodes:Guesses",
        ];
        sentences.Select(sentence => sentence.Split(' ')[0]).Order().ShouldBe(bad.Order());
        sentences.ShouldAllBe(sentence => sentence.EndsWith('.'));
    }

    // What development may have and Production must not.
    [Theory]
    [InlineData("ConnectionStrings:Identity", "Host=x;Password=postgres")]
    [InlineData("Keys:Kek", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Smtp:Port", "5165")]
    [InlineData("Smtp:Port", "5125")]
    public void Development_is_more_patient(string name, string value)
    {
        var values = Valid();
        values["Smtp:Host"] = "localhost";
        values[name] = value;

        Should.Throw<StartRefusedException>(() => Read(values)).Message.Split(Environment.NewLine).ShouldHaveSingleItem();
        values["Oidc:Issuer"] = null;
        Should.NotThrow(() => Read(values, development: true));
    }

    [Theory]
    [InlineData("ConnectionStrings:Identity", "Host=x;Password=hunter2;;=;")]
    [InlineData("Keys:Kek", "hunter2hunter2hunter2hunter2hunter2hunter2h==")]
    public void A_refusal_repeats_no_secret(string name, string value)
    {
        var values = Valid();
        values[name] = value;

        Should.Throw<StartRefusedException>(() => Read(values)).Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task The_key_may_stand_in_a_file()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, SomeKek + "\n");
        var values = Valid();
        values["Keys:Kek"] = path;

        Read(values).Keks.Current.Version.ShouldBe(Read(Valid()).Keks.Current.Version);

        File.Delete(path);
    }

    [Fact]
    public void Development_says_how_to_get_a_key()
    {
        var values = Valid();
        values["Keys:Kek"] = null;

        Should.Throw<StartRefusedException>(() => Read(values, development: true)).Message.ShouldContain("./run");
    }

    [Fact]
    public void A_connection_string_keeps_what_it_says_itself()
    {
        var values = Valid();
        values["ConnectionStrings:Identity"] += ";Timeout=9";

        var database = new Npgsql.NpgsqlConnectionStringBuilder(Read(values).Database);

        database.Timeout.ShouldBe(9);
        database.CommandTimeout.ShouldBe(5);
        database.Password.ShouldBe("secret-of-the-database");
    }

    [Theory]
    [InlineData("10.0.0.0/8, 127.0.0.1", 2)]
    [InlineData("::1", 1)]
    [InlineData("", 0)]
    public void Trusted_proxies_are_addresses_and_networks(string text, int count) => ProxyNetworks.Parse(text)!.Count.ShouldBe(count);

    // Run with UPDATE_DOCS=1 after changing the catalogue.
    [Fact]
    public async Task The_documentation_is_written_from_the_catalogue()
    {
        var path = Repository.PathOf("docs/settings.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, SettingsCatalogue.Document());
        }

        (await File.ReadAllTextAsync(path)).ShouldBe(SettingsCatalogue.Document());
    }
}
