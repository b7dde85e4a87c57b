using System.Net;

namespace Accounts;

/// <summary>A person typed a code.</summary>
/// <param name="Challenge">The handle that <see cref="SendOutcome.Sent"/> gave.</param>
/// <param name="Code">As typed or pasted: <c>123456</c>, <c>１２３ ４５６</c>, <c>Your code is 123 456</c>.</param>
/// <param name="Purpose">Must be the challenge's.</param>
/// <param name="Surface">Must be the challenge's.</param>
/// <param name="BoundTo">Must be the challenge's.</param>
/// <param name="Ip">For the audit.</param>
/// <param name="KnownDevice">Whether a known-device cookie of the account came along.</param>
public sealed record CodeAttempt(
    string Challenge, string Code, CodePurpose Purpose, Surface Surface, byte[] BoundTo, IPAddress Ip, bool KnownDevice)
{
    /// <summary>What else the challenge may be bound to: a caller may have shown less of itself when it asked.</summary>
    public byte[]? OrBoundTo { get; init; }

    /// <summary>When the caller names the address again, it must be the challenge's.</summary>
    public string? Address { get; init; }
}

/// <summary>A challenge that awaits its code.</summary>
/// <param name="PasswordHash">What <see cref="CodeRequest.PasswordHash"/> left on it.</param>
public sealed record OpenChallenge(string? PasswordHash);

/// <summary>The verdict on a <see cref="CodeAttempt"/>.</summary>
public abstract record VerifyOutcome
{
    private VerifyOutcome()
    {
    }

    /// <summary>The address is proven; the challenge is used up.</summary>
    /// <param name="Address">Canonical e-mail address.</param>
    /// <param name="PasswordHash">What <see cref="CodeRequest.PasswordHash"/> left on the challenge.</param>
    /// <param name="PersonId">Whose address it is, if anybody's.</param>
    /// <param name="Enabled">Whether that person may sign in.</param>
    public sealed record Proven(string Address, string? PasswordHash, Guid? PersonId, bool Enabled) : VerifyOutcome;

    /// <summary>Not the code. With no tries left the challenge is dead.</summary>
    public sealed record Wrong(int TriesLeft) : VerifyOutcome;

    /// <summary>Too late; ask for a new code.</summary>
    public sealed record Expired : VerifyOutcome;

    /// <summary>Too many wrong guesses at this challenge; a new code can be asked for at <paramref name="ResendAt"/>.</summary>
    public sealed record Spent(DateTimeOffset ResendAt) : VerifyOutcome;

    /// <summary>No such challenge for this browser or client, purpose, surface and address, or it was used already.</summary>
    public sealed record Unknown : VerifyOutcome;

    /// <summary>Too many wrong guesses at this address; not judged.</summary>
    public sealed record Limited(DateTimeOffset RetryAt) : VerifyOutcome;
}
