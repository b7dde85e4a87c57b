using System.Text.RegularExpressions;

namespace Architecture;

public sealed partial class ProjectReferenceTests
{
    // The whole drawing. A project that is not in it, or a reference that is not, needs a decision first.
    private static readonly Dictionary<string, string[]> Drawn = new(StringComparer.Ordinal)
    {
        ["Jose"] = [],
        ["Oidc"] = ["Jose"],
        ["AccessTokens"] = ["Jose"],
        ["Accounts"] = [],
        ["Console"] = ["Oidc", "Accounts"],
        ["IdentityProvider"] = ["Oidc", "Accounts", "Console", "AccessTokens"],
        ["MembersApi"] = ["AccessTokens"],
        ["SmartCs"] = ["AccessTokens"],
    };

    [Fact]
    public void Projects_refer_to_each_other_as_drawn() => Rule.Holds(Undrawn, SourceFile.Under("src", ".csproj"));

    [Fact]
    public void Notices_a_reference_that_is_not_drawn() => Rule.Tells(Undrawn, "src/Accounts/Accounts.csproj",
        """<ProjectReference Include="../Oidc/Oidc.csproj" />""", """<PackageReference Include="Npgsql" />""");

    [Fact]
    public void Notices_a_project_that_is_not_drawn() => Undrawn(new SourceFile("src/Shared/Shared.csproj", "<Project />")).ShouldNotBeEmpty();

    [Fact]
    public void The_engine_brings_in_no_package() => Rule.Holds(Packages, [SourceFile.Read("src/Oidc/Oidc.csproj"), SourceFile.Read("src/Jose/Jose.csproj")]);

    [Fact]
    public void Notices_a_package() => Rule.Tells(Packages, "src/Oidc/Oidc.csproj",
        """<PackageReference Include="Npgsql" />""", """<FrameworkReference Include="Microsoft.AspNetCore.App" />""");

    private static IEnumerable<string> Undrawn(SourceFile project)
    {
        var name = Path.GetFileNameWithoutExtension(project.Name);
        if (!Drawn.TryGetValue(name, out var allowed))
        {
            return [$"{name} is not in the drawing"];
        }

        return Reference().Matches(project.Text).Select(match => match.Groups[1].Value).Except(allowed).Select(other => $"refers to {other}");
    }

    private static IEnumerable<string> Packages(SourceFile project) =>
        Package().Matches(project.Text).Select(match => $"brings in {match.Groups[1].Value}");

    [GeneratedRegex("""<ProjectReference Include="[^"]*?([A-Za-z]+)\.csproj""")]
    private static partial Regex Reference();

    [GeneratedRegex("""<PackageReference Include="([^"]+)""")]
    private static partial Regex Package();
}
