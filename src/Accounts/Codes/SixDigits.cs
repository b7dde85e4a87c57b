using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Accounts;

/// <summary>The code itself: six decimal digits.</summary>
internal static partial class SixDigits
{
    public static string New() => RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>What is stored of a code: worthless without the key, and good for this one challenge.</summary>
    public static byte[] Hash(byte[] key, byte[] challenge, string digits)
    {
        byte[] message = [.. challenge, .. Encoding.ASCII.GetBytes(digits)];
        return HMACSHA256.HashData(key, message);
    }

    /// <summary>
    /// The six digits in what a person typed or pasted, full-width, of another script, grouped or within the mail's sentence; null when
    /// there are none.
    /// </summary>
    public static string? Find(string typed)
    {
        if (typed.Length > 512 || CaseFold.Fold(typed) is not { } folded)
        {
            return null;
        }

        var match = Together().Match(folded) is { Success: true } together ? together : Grouped().Match(folded);
        return match.Success ? string.Concat(match.Value.Where(char.IsDigit).Select(digit => (int)char.GetNumericValue(digit))) : null;
    }

    [GeneratedRegex(@"(?<!\d)\d{6}(?!\d)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Together();

    [GeneratedRegex(@"(?<!\d)\d(?:[\s\-\u00b7\u2013\u2014]{0,3}\d){5}(?!\d)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Grouped();
}
