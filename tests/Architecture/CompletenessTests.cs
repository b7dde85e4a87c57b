using System.Text.RegularExpressions;

namespace Architecture;

public sealed partial class CompletenessTests
{
    private static readonly string[] Extensions = [".cs", ".cshtml", ".csproj", ".mjs", ".js", ".css", ".html", ".yaml", ".json", ".md"];

    private static IEnumerable<SourceFile> Everything => new[] { "src", "sandbox", "bench", "tests", "clients", "config", "docs" }
        .Where(folder => Directory.Exists(SourceFile.FullPath(folder)))
        .SelectMany(folder => SourceFile.Under(folder, Extensions))
        .Where(file => !file.Path.StartsWith("tests/Architecture/", StringComparison.Ordinal) && file.Name != "package-lock.json");

    [Fact]
    public void Nothing_is_unfinished() => Rule.Holds(Unfinished, Everything);

    [Theory]
    [InlineData("// TODO: later")]
    [InlineData("// FIXME")]
    [InlineData("throw new NotImplementedException();")]
    public void Notices_what_is_unfinished(string violating) => Rule.Tells(Unfinished, "src/X.cs", violating, "// what is to do is done");

    [Fact]
    public void Every_suppression_says_why() => Rule.Holds(SuppressesSilently, Everything.Where(file => !file.IsGenerated));

    [Theory]
    [InlineData("#pragma warning disable CA1000\n", "#pragma warning disable CA1000 // a factory reads better here\n")]
    [InlineData("#pragma warning disable CA1000\n", "// A factory reads better here.\n#pragma warning disable CA1000\n")]
    [InlineData("#nullable disable\n", "#nullable disable // the generator does not annotate\n")]
    [InlineData("[SuppressMessage(\"Design\", \"CA1000\")]", "[SuppressMessage(\"Design\", \"CA1000\", Justification = \"a factory reads better here\")]")]
    [InlineData("  <NoWarn>CS1591</NoWarn>", "  <!-- CS1591: not every member needs a comment. -->\n  <NoWarn>CS1591</NoWarn>")]
    public void Notices_a_silent_suppression(string violating, string obeying) => Rule.Tells(SuppressesSilently, "src/X.cs", violating, obeying);

    [Fact]
    public void Every_analyzer_rule_that_is_off_says_why() => Rule.Holds(SwitchesOffSilently, [SourceFile.Read(".editorconfig")]);

    [Fact]
    public void Notices_an_analyzer_rule_that_is_off_without_a_word() => Rule.Tells(SwitchesOffSilently, ".editorconfig",
        "dotnet_diagnostic.CA1000.severity = none", "dotnet_diagnostic.CA1000.severity = none # a factory reads better here");

    [Fact]
    public void The_shared_build_files_say_why() => Rule.Holds(SuppressesSilently, [SourceFile.Read("Directory.Build.props"), SourceFile.Read("Directory.Packages.props")]);

    private static IEnumerable<string> Unfinished(SourceFile file) => Mark().Found(file.Text);

    private static IEnumerable<string> SuppressesSilently(SourceFile file)
    {
        for (var i = 0; i < file.Lines.Length; i++)
        {
            var line = file.Lines[i];
            var above = i > 0 ? file.Lines[i - 1].Trim() : "";
            var explained = line.Contains("// ", StringComparison.Ordinal)
                || above.StartsWith("// ", StringComparison.Ordinal) || above.EndsWith("-->", StringComparison.Ordinal);
            if (Suppression().IsMatch(line) && !explained)
            {
                yield return $"line {i + 1}: {line.Trim()}";
            }
        }

        foreach (var attribute in SuppressingAttribute().Matches(file.Text).Select(match => match.Value))
        {
            if (!attribute.Contains("Justification = \"", StringComparison.Ordinal))
            {
                yield return attribute;
            }
        }
    }

    private static IEnumerable<string> SwitchesOffSilently(SourceFile file) => SwitchedOff().Matches(file.Text).Select(match => match.Value);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX|NotImplementedException)\b")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^\s*#pragma warning disable|^\s*#nullable disable|<NoWarn>")]
    private static partial Regex Suppression();

    [GeneratedRegex(@"SuppressMessage\([^\]]*")]
    private static partial Regex SuppressingAttribute();

    [GeneratedRegex(@"^dotnet_diagnostic\.\S+\s*=\s*none\s*$", RegexOptions.Multiline)]
    private static partial Regex SwitchedOff();
}
