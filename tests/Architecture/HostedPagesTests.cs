using System.Text.RegularExpressions;

namespace Architecture;

/// <summary>docs/pages.md tells truly which test holds which of the forty points.</summary>
public sealed partial class HostedPagesTests
{
    private const int Points = 40;

    [Fact]
    public void The_list_names_every_test_that_holds_a_point_and_no_other()
    {
        var held = SourceFile.Under("tests", ".cs").SelectMany(Held).ToHashSet();
        var listed = Listed(SourceFile.Read("docs/pages.md")).ToHashSet();

        held.Count.ShouldBeGreaterThan(50);
        held.Except(listed).ShouldBeEmpty("held, and not listed");
        listed.Except(held).ShouldBeEmpty("listed, and not held");
    }

    [Fact]
    public void The_list_has_every_point() =>
        SourceFile.Read("docs/pages.md").Lines.Select(line => Row().Match(line)).Where(row => row.Success).Select(row => int.Parse(row.Groups[1].Value)).ShouldBe(Enumerable.Range(1, Points));

    [Fact]
    public void Notices_a_point_that_a_test_holds()
    {
        Held(new SourceFile("tests/X.cs", "public sealed class X\n    [Fact]\n    [Trait(\"Point\", \"7\")]\n    [Trait(\"Point\", \"8\")]\n    public async Task Holds()\n    [Fact]\n    public void Holds_none()"))
            .ShouldBe([(7, "X.Holds"), (8, "X.Holds")]);
        Listed(new SourceFile("docs/pages.md", "| 7 | what | `X.Holds`, `Y.Holds` |")).ShouldBe([(7, "X.Holds"), (7, "Y.Holds")]);
    }

    private static IEnumerable<(int Point, string Test)> Held(SourceFile file)
    {
        var type = TypeName().Match(file.Text).Groups[1].Value;
        List<int> points = [];
        foreach (var line in file.Lines)
        {
            if (Trait().Match(line) is { Success: true } trait)
            {
                points.Add(int.Parse(trait.Groups[1].Value));
            }
            else if (Method().Match(line) is { Success: true } method)
            {
                foreach (var point in points)
                {
                    yield return (point, $"{type}.{method.Groups[1].Value}");
                }

                points.Clear();
            }
        }
    }

    private static IEnumerable<(int Point, string Test)> Listed(SourceFile file) =>
        from line in file.Lines
        let row = Row().Match(line)
        where row.Success
        from Match test in TestName().Matches(row.Groups[2].Value)
        select (int.Parse(row.Groups[1].Value), test.Groups[1].Value);

    [GeneratedRegex(@"^\s*\[Trait\(""Point"", ""(\d+)""\)\]")]
    private static partial Regex Trait();

    [GeneratedRegex(@"^    public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^\| (\d+) \|.*\|(.*)\|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex TestName();
}
