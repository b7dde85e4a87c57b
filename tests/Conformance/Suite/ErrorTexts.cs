using System.Text.RegularExpressions;

namespace Conformance;

/// <summary>What RFC 6749 §4.1.2.1 and §5.2 allow in an error.</summary>
public static partial class ErrorTexts
{
    public static void ShouldBeWellFormed(string? error, string? description, string? uri)
    {
        error.ShouldNotBeNull();
        error.ShouldMatch(Allowed().ToString());

        // The allowed characters leave out carriage return, line feed and tabulator as well.
        description?.ShouldMatch(Allowed().ToString());
        (uri is null || Uri.TryCreate(uri, UriKind.Absolute, out _)).ShouldBeTrue(uri);
    }

    [GeneratedRegex(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+\z")]
    private static partial Regex Allowed();
}
