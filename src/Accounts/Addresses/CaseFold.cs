using System.Text;

namespace Accounts;

/// <summary>Unicode NFKC with full case folding (UTS #39, UAX #31 §5.1): texts that look or compare alike become one text.</summary>
internal static class CaseFold
{
    /// <summary>The folded text, or null when <paramref name="text"/> is not well-formed Unicode.</summary>
    public static string? Fold(string text)
    {
        try
        {
            return Compose(FoldCharacters(text.Normalize(NormalizationForm.FormKD)));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Decomposed text leaves only three foldings that change length (CaseFolding.txt, status F): sharp s, capital sharp s and iota
    // subscript. For the rest upper and then lower case is simple folding; the way through upper case joins forms such as ς and σ.
    private static string FoldCharacters(string decomposed) =>
        decomposed.Replace("\u00df", "ss", StringComparison.Ordinal).Replace("\u1e9e", "ss", StringComparison.Ordinal)
            .Replace('\u0345', '\u03b9').ToUpperInvariant().ToLowerInvariant();

    // Folding can expose letters that decompose further; a second pass settles them (UAX #31 §5.1, NFKC_Casefold).
    private static string Compose(string folded) =>
        FoldCharacters(folded.Normalize(NormalizationForm.FormKD)).Normalize(NormalizationForm.FormKC);
}
