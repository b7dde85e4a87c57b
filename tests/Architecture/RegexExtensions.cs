using System.Text.RegularExpressions;

namespace Architecture;

internal static class RegexExtensions
{
    public static IEnumerable<string> Found(this Regex forbidden, string text) => forbidden.Matches(text).Select(match => $"says {match.Value}");
}
