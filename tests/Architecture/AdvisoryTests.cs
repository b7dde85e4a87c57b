using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>The list of others' mistakes tells the truth: what stands there is tried, and what is tried stands there.</summary>
public sealed partial class AdvisoryTests
{
    [Fact]
    public void Every_advisory_of_the_list_has_a_test_and_every_test_of_one_stands_in_the_list()
    {
        var listed = Row().Matches(SourceFile.Read("docs/advisories.md").Text).Select(row => row.Groups["id"].Value).ToArray();
        var tried = SourceFile.Under("tests", [".cs"]).SelectMany(file => Tried().Matches(file.Text)).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        listed.ShouldBeUnique();
        listed.Order(StringComparer.Ordinal).ShouldBe(tried.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| (?<id>(CVE|GHSA|GO)-[0-9a-z-]+) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("""Trait\("Advisory", "([^"]+)"\)""")]
    private static partial Regex Tried();
}
