using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>Settings <c>Lockout:*</c>.</summary>
public sealed class LockoutLimits
{
    /// <summary>Wrong passwords for one account from one IP that lock the pair.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>For how long the pair is locked, and within what time the wrong passwords count together.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Wrong passwords for one account from anywhere, after which only known devices may sign in to it by password.</summary>
    public string PerAccount { get; set; } = "50/h";
}

/// <summary>Refuses, at start and by name, settings that could not be obeyed.</summary>
internal sealed class LockoutLimitsCheck : IValidateOptions<LockoutLimits>
{
    public ValidateOptionsResult Validate(string? name, LockoutLimits options)
    {
        var wrong = new List<string>();
        if (options.Attempts is < 1 or > 100)
        {
            wrong.Add("Lockout:Attempts must lie between 1 and 100.");
        }

        if (options.Duration < TimeSpan.FromSeconds(1) || options.Duration > TimeSpan.FromDays(1))
        {
            wrong.Add("Lockout:Duration must lie between 1 second and 1 day.");
        }

        if (Rates.TryParse(options.PerAccount) is null)
        {
            wrong.Add("Lockout:PerAccount must be a list of rates such as “50/h”.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
