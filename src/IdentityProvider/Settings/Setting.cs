using System.Globalization;

namespace IdentityProvider;

/// <summary>One setting: where it is read, what it means, and what is wrong with a value.</summary>
/// <param name="Name">As in configuration files; in the environment <c>:</c> is written <c>__</c>.</param>
/// <param name="Default">As it would be written; empty when there is none.</param>
/// <param name="Meaning">A sentence for the documentation.</param>
/// <param name="Check">The end of the sentence “Name …” that says what is wrong; null when nothing is.</param>
public sealed record Setting(string Name, string Default, string Meaning, Func<string, string?> Check)
{
    /// <summary>The section every setting of a name belongs to: nothing else may stand there.</summary>
    public string Section => Name.Split(':')[0];

    public static string? Anything(string value) => null;

    public static string? Duration(string value, TimeSpan most) =>
        !TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var duration) ? "must be a time such as 00:10:00 or 14.00:00:00"
        : duration <= TimeSpan.Zero ? "must be longer than nothing"
        : duration > most ? $"must be at most {most.ToString("c", CultureInfo.InvariantCulture)}"
        : null;

    public static string? Number(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}");

    public static string? OneOf(string value, params ReadOnlySpan<string> names) =>
        names.Contains(value) ? null : $"must be one of {string.Join(", ", names)}";
}

/// <summary>The provider cannot run like this. The message says what to change, one sentence a line, and never repeats a secret.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
