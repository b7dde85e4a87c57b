namespace Operating;

/// <summary>What a scale test measured. <c>./test scale</c> shows these lines.</summary>
internal static class Figures
{
    public static void Print(FormattableString figure) => Console.WriteLine("figure: " + FormattableString.Invariant(figure));

    /// <summary>The value that so many of a hundred do not exceed.</summary>
    public static double Percentile(this IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Clamp((int)Math.Ceiling(sorted.Length * percent / 100) - 1, 0, sorted.Length - 1)];
    }
}
