using System.Globalization;
using System.Text;

namespace Accounts;

/// <summary>
/// The one canonical form of an e-mail address: NFKC and case folding (two people never differ only so), domain in its ASCII form. Mail
/// goes to this form and never to what was typed, so that whoever proves a look-alike proves only the address the account has.
/// </summary>
public static class EmailAddress
{
    // RFC 5321 §4.5.3.1: local part 64 octets; the whole fits a path of 256 with its angle brackets.
    private const int MaximumLocalPart = 64, MaximumLength = 254;

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>The canonical form of <paramref name="typed"/>, or null when it is not an address that mail can be sent to.</summary>
    public static string? Canonical(string? typed)
    {
        // Anything longer cannot shrink to an address.
        if (typed is null || typed.Length > 4 * MaximumLength || CaseFold.Fold(TrimInvisible(typed)) is not { } folded)
        {
            return null;
        }

        var at = folded.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || at != folded.LastIndexOf('@'))
        {
            return null;
        }

        var local = folded[..at];
        if (!IsLocalPart(local) || CanonicalDomain(folded[(at + 1)..]) is not { } domain)
        {
            return null;
        }

        var address = $"{local}@{domain}";
        return Encoding.UTF8.GetByteCount(address) <= MaximumLength ? address : null;
    }

    /// <summary><c>a***@example.com</c>: enough for its owner to recognise it in a log or on a page.</summary>
    public static string Mask(string canonical)
    {
        var at = canonical.IndexOf('@', StringComparison.Ordinal);
        return at < 1 ? "***" : $"{StringInfo.GetNextTextElement(canonical)}***{canonical[at..]}";
    }

    // RFC 5322 §3.2.3 dot-atom, with RFC 6531 §3.3 letters beyond ASCII. Quoted local parts, legal and unused, are a way to inject:
    // refused.
    private static bool IsLocalPart(string local) =>
        Encoding.UTF8.GetByteCount(local) <= MaximumLocalPart
        && !local.StartsWith('.') && !local.EndsWith('.') && !local.Contains("..", StringComparison.Ordinal)
        && local.EnumerateRunes().All(IsLocalPartCharacter);

    private static bool IsLocalPartCharacter(Rune rune) =>
        rune.IsAscii
            ? Rune.IsLetterOrDigit(rune) || ".!#$%&'*+-/=?^_`{|}~".Contains((char)rune.Value, StringComparison.Ordinal)
            : Rune.IsLetterOrDigit(rune)
                || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static string? CanonicalDomain(string domain)
    {
        try
        {
            // RFC 5891: the ASCII form, by which hyphens and letters are checked. A bare host or an address in brackets is no domain here.
            var ascii = Idn.GetAscii(domain).ToLowerInvariant();
            var labels = ascii.Split('.');
            return labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // RFC 1035 §2.3.4, RFC 5890 §2.3.1
    private static bool IsLabel(string label) =>
        label is { Length: > 0 and <= 63 } && label[0] != '-' && label[^1] != '-'
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    // Spaces, zero-width and direction marks come along when addresses are copied from chats and documents.
    private static string TrimInvisible(string typed)
    {
        var start = 0;
        var end = typed.Length;
        while (start < end && IsInvisible(typed[start]))
        {
            start++;
        }

        while (end > start && IsInvisible(typed[end - 1]))
        {
            end--;
        }

        return typed[start..end];
    }

    private static bool IsInvisible(char c) => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format;
}
