using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace IdentityProvider;

/// <summary>A person the file wants to exist. People are only ever made, never changed: from then on they are their own.</summary>
public sealed record ConfiguredPerson(string Email)
{
    public string? Name { get; init; }
    public string? Password { get; init; }
    public string? Phone { get; init; }
    public string? Picture { get; init; }
    public string? Locale { get; init; }
    public JsonObject? Claims { get; init; }
    public IReadOnlyList<string> Roles { get; init; } = [];
    public bool Disabled { get; init; }
}

/// <summary>What a configuration file asks for.</summary>
/// <param name="Origin"><c>development</c>, or null for a file that is meant to last.</param>
public sealed partial record ConfigurationFile(string? Origin, ConfigurationRows Rows, IReadOnlyList<ConfiguredPerson> People)
{
    public const string Development = "development";

    /// <summary>Reads a file and everything wrong with it.</summary>
    /// <param name="portBase">What <c>{+3}</c> counts from.</param>
    /// <exception cref="StartRefusedException">Something in it is wrong; every reason is in the message.</exception>
    public static ConfigurationFile Read(string path, int portBase, IReadOnlyCollection<string> grantTypes, DateTimeOffset now)
    {
        var problems = new List<string>();
        var file = Parse(File.ReadAllText(path), portBase, grantTypes, now, problems);
        return problems.Count == 0 ? file! : throw new StartRefusedException($"{path} cannot be applied:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
    }

    internal static ConfigurationFile? Parse(string text, int portBase, IReadOnlyCollection<string> grantTypes, DateTimeOffset now, List<string> problems)
    {
        if (Load(text, portBase, problems) is not { } root)
        {
            return null;
        }

        var origin = root.Text("origin");
        if (origin is not (null or Development))
        {
            root.Problem($"has an unknown origin; leave it out, or say {Development}.");
        }

        if (origin is null && Port().IsMatch(text))
        {
            problems.Add("Placeholders such as {+3} stand for addresses of a development installation; write each address out.");
        }

        var secretReading = new SecretReading(origin);
        var resources = new List<ResourceRow>();
        var resourceSecrets = new List<ResourceSecretRow>();
        var scopes = new List<ResourceScopeRow>();
        foreach (var (name, section) in root.Sections("resources", listMember: "scopes"))
        {
            resources.Add(new ResourceRow { Name = name, ManagedBy = ConfigurationRows.ByFile, Origin = origin, CreatedAt = now, UpdatedAt = now });
            scopes.AddRange(section.Texts("scopes").Select(scope => new ResourceScopeRow { Scope = scope, ResourceName = name }));
            resourceSecrets.AddRange(secretReading.Read(section).Select(sha256 =>
                new ResourceSecretRow { ResourceName = name, Sha256 = sha256, ManagedBy = ConfigurationRows.ByFile, Origin = origin, CreatedAt = now }));
            section.RefuseTheRest();
        }
        if (scopes.GroupBy(scope => scope.Scope, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } doubled)
        {
            problems.Add($"The scope {doubled.Key} belongs to more than one resource.");
        }

        var reading = new ClientReading(origin, secretReading, grantTypes, [.. Oidc.ScopeAndResource.OpenIdScopes, .. scopes.Select(scope => scope.Scope)], now);
        var clients = root.Sections("clients").Select(client => reading.Read(client.Name, client.Section)).ToList();
        var people = root.Sections("people").Select(person => ReadPerson(person.Name, person.Section)).ToList();
        root.RefuseTheRest();
        return new ConfigurationFile(origin, new ConfigurationRows(clients, reading.Secrets, resources, scopes) { ResourceSecrets = resourceSecrets }, people);
    }

    private static YamlSection? Load(string text, int portBase, List<string> problems)
    {
        var resolved = Port().Replace(text, match => (portBase + int.Parse(match.Groups["offset"].ValueSpan, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(resolved));
            if (stream.Documents is [{ RootNode: YamlMappingNode mapping }])
            {
                return new YamlSection(mapping, "", problems);
            }

            problems.Add("It must be one YAML document that is a mapping.");
        }
        catch (YamlException e)
        {
            problems.Add($"line {e.Start.Line}: not valid YAML ({e.Message}).");
        }
        return null;
    }

    private static ConfiguredPerson ReadPerson(string email, YamlSection section)
    {
        if (Accounts.EmailAddress.Canonical(email) is not { } address)
        {
            section.Problem("is not an e-mail address.");
            address = email;
        }
        var phone = section.Text("phone");
        if (phone is not null && Accounts.PhoneNumber.Canonical(phone) != phone)
        {
            section.Problem("needs its phone in E.164, such as \"+8613800138000\".");
        }

        var person = new ConfiguredPerson(address)
        {
            Name = section.Text("name"),
            Password = section.Text("password"),
            Phone = phone,
            Picture = section.Text("picture"),
            Locale = section.Text("locale"),
            Claims = section.Json("claims"),
            Roles = section.Texts("roles"),
            Disabled = section.Flag("disabled", otherwise: false),
        };
        section.RefuseTheRest();
        return person;
    }

    [GeneratedRegex(@"\{\+(?<offset>\d{1,3})\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Port();
}
