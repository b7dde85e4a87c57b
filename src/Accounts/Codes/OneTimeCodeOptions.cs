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
