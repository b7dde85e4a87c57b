using System.Globalization;
using System.Text;

namespace Accounts;

/// <summary>
/// The one canonical form of a phone number: E.164, <c>+8613800138000</c>. A bare number is read as one of mainland China, whose rule is
/// <c>1[3-9]</c> and nine digits: on purpose wider than the prefixes in use, because those change.
/// </summary>
public static class PhoneNumber
{
    private const string China = "86";

    /// <summary>The canonical form of <paramref name="typed"/>, or null when it is no phone number.</summary>
    public static string? Canonical(string? typed)
    {
        if (typed is null || typed.Length > 64 || Compact(typed) is not { } compact)
        {
            return null;
        }

        var digits = compact.TrimStart('+');
        if (compact.Length - digits.Length > 1 || !digits.All(char.IsAsciiDigit))
        {
            return null;
        }

        if (compact[0] == '+')
        {
            return International(digits);
        }

        if (IsChineseMobile(digits))
        {
            return $"+{China}{digits}";
        }

        if (digits.StartsWith("00", StringComparison.Ordinal))
        {
            return International(digits[2..]);
        }

        return digits.Length == 13 && digits.StartsWith(China, StringComparison.Ordinal) ? International(digits) : null;
    }

    /// <summary><c>138****0000</c> for a number of mainland China; country-coded ones keep their first three and last two digits.</summary>
    public static string Mask(string canonical)
    {
        if (canonical.StartsWith("+" + China, StringComparison.Ordinal) && IsChineseMobile(canonical[3..]))
        {
            return $"{canonical[3..6]}****{canonical[^4..]}";
        }

        return canonical.Length < 8 ? "***" : $"{canonical[..4]}****{canonical[^2..]}";
    }

    // ITU-T E.164 §6: country code without leading zero, at most 15 digits.
    private static string? International(string digits)
    {
        if (digits.StartsWith(China, StringComparison.Ordinal) && !IsChineseMobile(digits[2..]))
        {
            return null;
        }

        return digits.Length is >= 7 and <= 15 && digits[0] != '0' ? $"+{digits}" : null;
    }

    private static bool IsChineseMobile(string digits) => digits.Length == 11 && digits[0] == '1' && digits[1] is >= '3' and <= '9';

    // What people and phones put between the digits goes; what could change the number (letters, extensions) stays and is refused.
    private static string? Compact(string typed)
    {
        string normalized;
        try
        {
            normalized = typed.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return null;
        }
        var kept = new StringBuilder(normalized.Length);
        foreach (var rune in normalized.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var separates = Rune.IsWhiteSpace(rune) || category is UnicodeCategory.Format or UnicodeCategory.DashPunctuation
                || rune.Value is '.' or '(' or ')' or '[' or ']';
            if (separates)
            {
                continue;
            }
            // Digits of any script: ١٣٨ is 138.
            if (category == UnicodeCategory.DecimalDigitNumber)
            {
                kept.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            }
            else
            {
                kept.Append(rune);
            }
        }
        return kept.Length == 0 ? null : kept.ToString();
    }
}
