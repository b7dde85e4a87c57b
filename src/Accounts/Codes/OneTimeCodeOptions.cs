using System.Globalization;
using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>Settings <c>OneTimeCodes:*</c>.</summary>
public sealed class OneTimeCodeOptions
{
    /// <summary>How long a code works.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often codes are sent to one address.</summary>
    public string PerAddress { get; set; } = "1/60s, 5/h";

    /// <summary>How often one IPv4 address or IPv6 /64 may ask. Many people sit behind one, so it is wider than one address's.</summary>
    public string PerIp { get; set; } = "20/min, 100/h";

    /// <summary>Wrong guesses allowed: first at one challenge, then at one address, whatever the purpose.</summary>
    public string Guesses { get; set; } = "5, 10/h, 20/d";
}

/// <summary><see cref="OneTimeCodeOptions"/> as the statements take them.</summary>
internal sealed record CodeLimits(TimeSpan Lifetime, Rates PerAddress, Rates PerIp, int GuessesPerChallenge, Rates Guesses)
{
    public static CodeLimits From(OneTimeCodeOptions options)
    {
        var (perChallenge, guesses) = ParseGuesses(options.Guesses) ?? throw new FormatException(options.Guesses);
        return new CodeLimits(options.Lifetime, Rates.Parse(options.PerAddress), Rates.Parse(options.PerIp), perChallenge, guesses);
    }

    internal static (int PerChallenge, Rates PerAddress)? ParseGuesses(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma > 0
            && int.TryParse(text.AsSpan(0, comma).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var perChallenge)
            && perChallenge > 0
            && Rates.TryParse(text[(comma + 1)..]) is { } rates ? (perChallenge, rates) : null;
    }
}

/// <summary>Refuses, at start and by name, settings that could not be obeyed.</summary>
internal sealed class OneTimeCodeOptionsCheck : IValidateOptions<OneTimeCodeOptions>
{
    public ValidateOptionsResult Validate(string? name, OneTimeCodeOptions options)
    {
        var wrong = new List<string>();
        if (options.Lifetime < TimeSpan.FromSeconds(30) || options.Lifetime > TimeSpan.FromMinutes(10))
        {
            wrong.Add("OneTimeCodes:Lifetime must lie between 30 seconds and 10 minutes.");
        }

        if (Rates.TryParse(options.PerAddress) is null)
        {
            wrong.Add("OneTimeCodes:PerAddress must be a list of rates such as “1/60s, 5/h”.");
        }

        if (Rates.TryParse(options.PerIp) is null)
        {
            wrong.Add("OneTimeCodes:PerIp must be a list of rates such as “20/min, 100/h”.");
        }

        if (CodeLimits.ParseGuesses(options.Guesses) is null)
        {
            wrong.Add("OneTimeCodes:Guesses must be a number for each challenge and rates for each address, such as “5, 10/h, 20/d”.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
