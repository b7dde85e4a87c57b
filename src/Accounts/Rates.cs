using System.Globalization;

namespace Accounts;

/// <summary>
/// How often something may happen: one or more "events per time", all of which hold, written <c>1/60s, 5/h</c>; units s, min, h, d.
/// </summary>
public sealed class Rates
{
    private Rates((int Count, TimeSpan Window)[] rates)
    {
        Counts = [.. rates.Select(rate => rate.Count)];
        Windows = [.. rates.Select(rate => rate.Window)];
    }

    public int[] Counts { get; }

    public TimeSpan[] Windows { get; }

    /// <summary>How many events must be remembered.</summary>
    public int Most => Counts.Max();

    /// <summary>For how long.</summary>
    public TimeSpan Longest => Windows.Max();

    /// <summary>How many more events keep within every rate.</summary>
    /// <param name="latest">The latest <see cref="Most"/> events.</param>
    /// <param name="now">The present.</param>
    public int Left(IReadOnlyCollection<DateTimeOffset> latest, DateTimeOffset now) =>
        Counts.Zip(Windows).Min(rate => Math.Max(0, rate.First - latest.Count(at => at > now - rate.Second)));

    public static Rates Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"“{text}” is not a list of rates such as “1/60s, 5/h”.");

    public static Rates? TryParse(string text)
    {
        var rates = text.Split(',', StringSplitOptions.TrimEntries).Select(ParseOne).ToArray();
        return rates.Any(rate => rate is null) ? null : new Rates([.. rates.Select(rate => rate!.Value)]);
    }

    private static (int, TimeSpan)? ParseOne(string text)
    {
        if (text.Split('/') is not [var count, var window] || Number(count) is not (> 0 and <= 10_000 and var events))
        {
            return null;
        }

        var digits = window.TakeWhile(char.IsAsciiDigit).Count();
        var seconds = window[digits..] switch { "s" => 1, "min" => 60, "h" => 3600, "d" => 86400, _ => 0 };
        var length = digits == 0 ? 1 : Number(window[..digits]) ?? 0;
        return seconds > 0 && length is > 0 and <= 1_000_000 ? (events, TimeSpan.FromSeconds((long)length * seconds)) : null;
    }

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
