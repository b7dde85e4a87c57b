using System.Text;

namespace Accounts;

/// <summary>What is wrong with a new password, if anything.</summary>
public enum PasswordVerdict
{
    Good,

    /// <summary>Fewer than <see cref="PasswordPolicy.MinimumLength"/> characters.</summary>
    TooShort,

    /// <summary>More than <see cref="PasswordPolicy.MaximumLength"/> characters, or not text.</summary>
    TooLong,

    /// <summary>Among the first that anybody would try.</summary>
    TooCommon,
}

/// <summary>
/// What a new password must be (NIST SP 800-63B §5.1.1.2): long enough and not the first thing anybody would try; no rules of composition.
/// </summary>
public static class PasswordPolicy
{
    /// <summary>Characters (code points, after NFKC).</summary>
    public const int MinimumLength = 8;

    /// <summary>Characters as typed. A longer one is refused before any work.</summary>
    public const int MaximumLength = 256;

    /// <summary>Judges a new password of whoever has <paramref name="address"/>.</summary>
    public static PasswordVerdict Check(string password, string? address = null)
    {
        if (Normalize(password) is not { } normalized)
        {
            return PasswordVerdict.TooLong;
        }

        if (normalized.EnumerateRunes().Count() < MinimumLength)
        {
            return PasswordVerdict.TooShort;
        }

        return IsGuessedFirst(normalized, address) ? PasswordVerdict.TooCommon : PasswordVerdict.Good;
    }

    /// <summary>Whether it can be a password at all: well-formed Unicode of at most <see cref="MaximumLength"/> characters.</summary>
    internal static bool IsText(string password) => Normalize(password) is not null;

    private static string? Normalize(string password)
    {
        try
        {
            // A character has at most two UTF-16 units, so what is longer need not be read.
            return password.Length <= 2 * MaximumLength && password.EnumerateRunes().Count() <= MaximumLength
                ? password.Normalize(NormalizationForm.FormKC)
                : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsGuessedFirst(string password, string? address)
    {
        var folded = password.ToLowerInvariant();
        return folded.Distinct().Count() == 1 || IsRun(folded) || IsOwnAddress(folded, address) || CommonPasswords.Contain(folded);
    }

    // 12345678, abcdefgh, 87654321
    private static bool IsRun(string password)
    {
        var step = password[1] - password[0];
        return step is 1 or -1 && Enumerable.Range(1, password.Length - 1).All(i => password[i] - password[i - 1] == step);
    }

    private static bool IsOwnAddress(string password, string? address)
    {
        if (address is null)
        {
            return false;
        }

        var own = address.ToLowerInvariant();
        return password == own || password == own.Split('@')[0];
    }
}
