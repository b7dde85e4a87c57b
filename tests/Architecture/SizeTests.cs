using System.Text.RegularExpressions;

namespace Architecture;

public sealed partial class SizeTests
{
    private static readonly string[] Extensions = [".cs", ".cshtml", ".mjs", ".js", ".css"];
    private static readonly string[] Folders = ["src", "sandbox", "bench", "tests", "clients"];

    [Fact]
    public void Files_fit_in_one_reading() => Rule.Holds(TooLong, Folders.Where(Exists).SelectMany(folder => SourceFile.Under(folder, Extensions)));

    [Theory]
    [InlineData("src/Oidc/Token/TokenEndpoint.cs", 250)]
    [InlineData("src/Accounts/Passwords.cs", 400)]
    [InlineData("bench/LimitServer.cs", 200)]
    public void Notices_one_line_too_many(string path, int limit) => Rule.Tells(TooLong, path, Text(lines: limit + 1), Text(lines: limit));

    [Fact]
    public void Constructors_take_seven_parameters_at_most() =>
        Rule.Holds(TooManyParameters, new[] { "src", "sandbox", "bench", "tests" }.SelectMany(folder => SourceFile.Under(folder, ".cs")));

    [Theory]
    [InlineData("public sealed class Door({0});")]
    [InlineData("sealed record Row<T>({0});")]
    [InlineData("class Door {{ public Door({0}) {{ }} }}")]
    [InlineData("class Door\n{{\n    Door({0})\n    {{\n    }}\n}}")]
    public void Notices_the_eighth_parameter(string declaration)
    {
        const string seven = "int a, (int, int) b, Dictionary<string, int> c, [X(1, 2)] int d, Func<int, int, int> e, int f = 1, int g = 2";
        Rule.Tells(TooManyParameters, "src/Accounts/Door.cs", Declare(seven + ", int h = 3"), Declare(seven));

        string Declare(string parameters) => declaration.Replace("{0}", parameters).Replace("{{", "{").Replace("}}", "}");
    }

    [Fact]
    public void A_call_is_no_constructor() =>
        TooManyParameters(new SourceFile("src/X.cs", "class Door { void M() => Call(1, 2, 3, 4, 5, 6, 7, 8); }")).ShouldBeEmpty();

    private static bool Exists(string folder) => Directory.Exists(SourceFile.FullPath(folder));

    private static string Text(int lines) => string.Concat(Enumerable.Repeat("x\n", lines));

    private static IEnumerable<string> TooLong(SourceFile file)
    {
        var limit = file.Path == "bench/LimitServer.cs" ? 200 : file.Path.StartsWith("src/Oidc/", StringComparison.Ordinal) ? 250 : 400;
        return file.Lines.Length <= limit || file.IsGenerated ? [] : [$"{file.Lines.Length} lines, {limit} allowed"];
    }

    private static IEnumerable<string> TooManyParameters(SourceFile file)
    {
        var code = file.Code;
        var types = TypeName().Matches(code).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (Match match in PossibleConstructor().Matches(code))
        {
            if (!match.Groups["type"].Success && !types.Contains(match.Groups["name"].Value))
            {
                continue;
            }

            var count = CountParameters(code, match.Index + match.Length);
            if (count > 7)
            {
                yield return $"{match.Groups["name"].Value} takes {count} parameters";
            }
        }
    }

    // Commas of the outermost level only: those of generics, tuples, attributes and defaults are nested.
    private static int CountParameters(string code, int start)
    {
        int depth = 0, commas = 0, i = start;
        for (; i < code.Length && !(depth == 0 && code[i] == ')'); i++)
        {
            if ("([{<".Contains(code[i], StringComparison.Ordinal))
            {
                depth++;
            }
            else if (")]}".Contains(code[i], StringComparison.Ordinal) || (code[i] == '>' && code[i - 1] != '='))
            {
                depth--;
            }
            else if (depth == 0 && code[i] == ',')
            {
                commas++;
            }
        }

        return string.IsNullOrWhiteSpace(code[start..i]) ? 0 : commas + 1;
    }

    [GeneratedRegex(@"\b(?:class|record|struct) (?:class |struct )?(\w+)")]
    private static partial Regex TypeName();

    // A type with parameters of its own, or a member that has a type's name and no return type.
    [GeneratedRegex(@"\b(?<type>class|record|struct) (?:class |struct )?(?<name>\w+)(?:<[^>(]*>)?\s*\(|(?<=[{};\]]\s*(?:(?:public|internal|private|protected)\s+)*)\b(?<name>\w+)\s*\(")]
    private static partial Regex PossibleConstructor();
}
