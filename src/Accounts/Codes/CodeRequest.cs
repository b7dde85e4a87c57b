using System.Net;

namespace Accounts;

/// <summary>What a one-time code is asked for; a code of one purpose is worthless for another.</summary>
public enum CodePurpose
{
    SignUp,
    SignIn,
    PasswordReset,
}

/// <summary>The way in that asked: hosted page, JSON API or custom grant. A code is used where it was asked for.</summary>
public enum Surface
{
    Page,
    Json,
    Grant,
}

/// <summary>Asks for a one-time code by e-mail.</summary>
/// <param name="Address">E-mail address as typed.</param>
/// <param name="Purpose">What the code will be good for.</param>
/// <param name="Surface">Where it will be used.</param>
/// <param name="BoundTo">What identifies the asking browser or client; only a hash of it is kept. The attempt must bring the same.</param>
/// <param name="Ip">The asking address, already taken from behind trusted proxies; IPv6 counts by /64.</param>
/// <param name="Locale">BCP 47 tag; <c>zh…</c> writes in Chinese, everything else in English.</param>
/// <param name="KnownDevice">Whether the browser carries a known-device cookie of the account at this address: its codes are judged even
/// when others have spent the address's guesses.</param>
public sealed record CodeRequest(
    string Address, CodePurpose Purpose, Surface Surface, byte[] BoundTo, IPAddress Ip, string Locale, bool KnownDevice)
{
    /// <summary>
    /// The Argon2id hash (<see cref="Passwords.HashAsync"/>) of the password the account shall get once the address is proven.
    /// </summary>
    public string? PasswordHash { get; init; }

    /// <summary>
    /// Who asks, in words for the mail, such as <c>Chrome, Windows</c>. Anything that could be read as a link is left out.
    /// </summary>
    public string? RequesterHint { get; init; }
}

/// <summary>The answer to a <see cref="CodeRequest"/>; the same, in the same time, for known and unknown addresses.</summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>The mail is queued.</summary>
    /// <param name="Challenge">Handle <c>ch_…</c>, to be shown to nobody but the asker.</param>
    /// <param name="ExpiresAt">When the code dies.</param>
    /// <param name="ResendAt">When the next may be asked for.</param>
    public sealed record Sent(string Challenge, DateTimeOffset ExpiresAt, DateTimeOffset ResendAt) : SendOutcome;

    /// <summary>A send limit is reached; nothing was sent, nothing counted, and earlier challenges stay as good as they were.</summary>
    /// <param name="RetryAt">When the next may be asked for.</param>
    /// <param name="LiveUntil">When the asker's own latest challenge of this address and purpose expires, if one is still open.</param>
    public sealed record Limited(DateTimeOffset RetryAt, DateTimeOffset? LiveUntil) : SendOutcome;

    /// <summary>That is not an e-mail address.</summary>
    public sealed record BadAddress : SendOutcome;
}
