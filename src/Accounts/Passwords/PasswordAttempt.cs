using System.Net;

namespace Accounts;

/// <summary>A person typed a password.</summary>
/// <param name="Identifier">E-mail address or phone number as typed.</param>
/// <param name="Password">As typed.</param>
/// <param name="Ip">The connection's address, already taken from behind trusted proxies; IPv6 counts by /64.</param>
/// <param name="KnownDevice">Whether a known-device cookie of that account came along.</param>
public sealed record PasswordAttempt(string Identifier, string Password, IPAddress Ip, bool KnownDevice);

/// <summary>The verdict on a <see cref="PasswordAttempt"/>.</summary>
public abstract record PasswordOutcome
{
    private PasswordOutcome()
    {
    }

    /// <summary>The right password of an enabled person.</summary>
    public sealed record SignedIn(Guid PersonId) : PasswordOutcome;

    /// <summary>Unknown, disabled or wrong password: nobody can tell which.</summary>
    public sealed record Refused : PasswordOutcome;

    /// <summary>
    /// An enabled account without a password. Only said where <c>Accounts:Enumeration</c> is <c>seed</c>; elsewhere answer as <see
    /// cref="Refused"/>.
    /// </summary>
    public sealed record NoPassword : PasswordOutcome;

    /// <summary>Too many wrong passwords; not judged.</summary>
    public sealed record Locked(DateTimeOffset RetryAt) : PasswordOutcome;

    /// <summary>Too many passwords are being judged at once; nothing counted.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : PasswordOutcome;
}
