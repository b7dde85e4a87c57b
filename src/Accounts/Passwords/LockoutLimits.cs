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
