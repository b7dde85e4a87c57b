using System.Diagnostics;
using System.Text.RegularExpressions;
using IdentityProvider;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Operating;

/// <summary>There is no container engine where these tests run, so they hold the files to each other and to the program.</summary>
public sealed partial class ComposeTests
{
    private static YamlMappingNode Compose { get; } = Load("docker-compose.yml");

    private static IEnumerable<(string Name, YamlMappingNode Service)> Services => MappingOf(Compose, "services").Children.Select(pair => (pair.Key.ToString(), (YamlMappingNode)pair.Value));

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("compose.dev.yml")]
    public void Every_file_that_is_built_from_or_mounted_is_there(string file)
    {
        foreach (var (_, service) in MappingOf(Load(file), "services").Children.Select(pair => (pair.Key, (YamlMappingNode)pair.Value)))
        {
            if (service.Children.TryGetValue("build", out var build))
            {
                File.Exists(Repository.PathOf(((YamlMappingNode)build)["dockerfile"].ToString())).ShouldBeTrue();
            }
            else
            {
                service["image"].ToString().ShouldMatch("^[a-z]+:[0-9.]+$");
            }

            var mounted = service.Children.TryGetValue("volumes", out var volumes) ? ((YamlSequenceNode)volumes).Select(volume => volume.ToString().Split(':')[0]) : [];
            foreach (var path in mounted.Where(path => path.StartsWith("./", StringComparison.Ordinal) && !path.StartsWith("./docker/tls", StringComparison.Ordinal)))
            {
                File.Exists(Repository.PathOf(path)).ShouldBeTrue(path);
            }
        }
    }

    [Fact]
    public void Every_secret_is_drawn_and_every_drawn_one_is_given_to_somebody()
    {
        var folder = DrawSecrets();
        var defined = MappingOf(Compose, "secrets").Children.ToDictionary(pair => pair.Key.ToString(), pair => ((YamlMappingNode)pair.Value)["file"].ToString());
        var used = Services.SelectMany(service => SecretsOf(service.Service)).Select(secret => secret.Source).Distinct();

        used.Order().ShouldBe(defined.Keys.Order());
        defined.Values.Select(Path.GetFileName).Order().ShouldBe(Directory.GetFiles(Path.Combine(folder, "secrets")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_is_drawn_once_stays()
    {
        var folder = DrawSecrets();
        var kek = File.ReadAllText(Path.Combine(folder, "secrets", "kek"));

        DrawSecrets(folder);

        File.ReadAllText(Path.Combine(folder, "secrets", "kek")).ShouldBe(kek);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path.Combine(folder, "secrets")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Theory]
    [InlineData("provider-1")]
    [InlineData("provider-2")]
    public void The_provider_takes_the_settings_it_is_given_as_production(string name)
    {
        var folder = DrawSecrets();
        var service = Services.Single(service => service.Name == name).Service;
        var values = EnvironmentOf(service);
        values.Remove("ASPNETCORE_ENVIRONMENT", out var environment).ShouldBeTrue();
        foreach (var (source, target) in SecretsOf(service))
        {
            var path = Path.Combine(folder, "secrets", source);
            if (target.Contains("__", StringComparison.Ordinal))
            {
                values[target] = File.ReadAllText(path);
            }

            values = values.ToDictionary(pair => pair.Key, pair => pair.Value == "/run/secrets/" + source ? path : pair.Value);
        }

        values["Secrets__Folder"].ShouldBe("/run/secrets");
        values["Secrets__Folder"] = folder;
        values["Configuration__File"] = Path.Combine(folder, "configuration.yaml");
        File.WriteAllText(values["Configuration__File"], File.ReadAllText(Repository.PathOf("docker/configuration.yaml")).Replace("/run/secrets", Path.Combine(folder, "secrets"), StringComparison.Ordinal));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value))).Build();

        var settings = ProviderSettings.Read(configuration, development: false);

        environment.ShouldBe("Production");
        settings.Oidc.Issuer.ShouldBe("https://id.example.com");
        settings.TrustedProxies.Single().ToString().ShouldBe(((YamlMappingNode)((YamlSequenceNode)((YamlMappingNode)MappingOf(MappingOf(Compose, "networks"), "default")["ipam"])["config"])[0])["subnet"].ToString());
        ConfigurationFile.Read(settings.ConfigurationFile!, settings.PortBase, ["authorization_code", "refresh_token"], DateTimeOffset.UnixEpoch).Rows.Clients.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("members", "members-introspection")]
    [InlineData("smart-cs", "smartcs-introspection")]
    public void A_resource_API_introspects_with_the_secret_that_the_provider_knows(string name, string secret)
    {
        SecretsOf(Services.Single(service => service.Name == name).Service).ShouldContain((secret, "Introspection__Secret"));
        SecretsOf(Services.Single(service => service.Name == "provider-1").Service).ShouldContain((secret, secret));
        var resource = (YamlMappingNode)MappingOf(Load("docker/configuration.yaml"), "resources")[name];
        ((YamlSequenceNode)resource["secrets"]).Single().ToString().ShouldBe("file:/run/secrets/" + secret);
        File.ReadAllText(Path.Combine(DrawSecrets(), "secrets", secret)).Length.ShouldBeGreaterThanOrEqualTo(32);
    }

    [Theory]
    [InlineData("docker/provider.Dockerfile")]
    [InlineData("docker/api.Dockerfile")]
    [InlineData("docker/development.Dockerfile")]
    public void An_image_runs_as_nobody_in_particular_and_says_how_it_is(string path)
    {
        var text = File.ReadAllText(Repository.PathOf(path));
        var last = text[text.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];

        last.ShouldContain("\nUSER 10001");
        last.ShouldContain("\nHEALTHCHECK ");
        last.ShouldContain("libicu");
        foreach (Match copy in Copied().Matches(text))
        {
            foreach (var source in copy.Groups["sources"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).SkipLast(1).Select(source => source.Replace("${PROJECT}", "MembersApi", StringComparison.Ordinal)))
            {
                (File.Exists(Repository.PathOf(source)) || Directory.Exists(Repository.PathOf(source))).ShouldBeTrue(source);
            }
        }
    }

    // nginx has the same block as the documentation, which a test runs.
    [Fact]
    public void The_proxy_does_what_the_documentation_says()
    {
        var template = File.ReadAllText(Repository.PathOf("docker/nginx.conf.template"));
        var documented = File.ReadAllText(Repository.PathOf("docs/production.md"));

        foreach (var line in template[..template.IndexOf("# The APIs", StringComparison.Ordinal)].Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("proxy_", StringComparison.Ordinal)))
        {
            documented.ShouldContain(line);
        }
    }

    private static string DrawSecrets(string? into = null)
    {
        var folder = into ?? Directory.CreateTempSubdirectory("identity-secrets-").FullName;
        using var draw = Process.Start(new ProcessStartInfo("sh", [Repository.PathOf("docker/draw-secrets.sh"), folder]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        draw.WaitForExit();
        draw.ExitCode.ShouldBe(0);
        return folder;
    }

    private static Dictionary<string, string> EnvironmentOf(YamlMappingNode service) =>
        MappingOf(service, "environment").Children.ToDictionary(pair => pair.Key.ToString(), pair => Default().Replace(pair.Value.ToString(), "${default}"));

    private static IEnumerable<(string Source, string Target)> SecretsOf(YamlMappingNode service) => service.Children.TryGetValue("secrets", out var secrets)
        ? ((YamlSequenceNode)secrets).Select(secret => secret is YamlMappingNode named ? (named["source"].ToString(), named["target"].ToString()) : (secret.ToString(), secret.ToString()))
        : [];

    private static YamlMappingNode MappingOf(YamlMappingNode node, string name) => (YamlMappingNode)node[name];

    private static YamlMappingNode Load(string file)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(Repository.PathOf(file));
        stream.Load(new MergingParser(new Parser(text)));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    [GeneratedRegex(@"\$\{\w+:-(?<default>[^}]*)\}")]
    private static partial Regex Default();

    [GeneratedRegex(@"^COPY (?!--from)(?:--\S+ )?(?<sources>.+)$", RegexOptions.Multiline)]
    private static partial Regex Copied();
}
