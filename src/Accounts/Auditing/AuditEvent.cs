using System.Net;

namespace Accounts;

/// <summary>Something the operator must be able to find later. Nothing secret goes in; of an address only hash and mask are kept.</summary>
/// <param name="Event">Dotted name from <see cref="AuditEvents"/> or the caller's own room, such as <c>refresh.reused</c>.</param>
public sealed record AuditEvent(string Event)
{
    public Guid? PersonId { get; init; }

    public string? ClientId { get; init; }

    /// <summary>Canonical e-mail address or phone number.</summary>
    public string? Address { get; init; }

    public IPAddress? Ip { get; init; }

    public string? RequestId { get; init; }

    /// <summary>A JSON object.</summary>
    public string? Details { get; init; }
}

/// <summary>The security events of this room.</summary>
public static class AuditEvents
{
    public const string AccountCreated = "account.created";

    /// <summary>Wrong passwords locked an account for one IP.</summary>
    public const string PasswordLocked = "password.locked";

    /// <summary>Wrong passwords from everywhere closed password sign-in but for known devices.</summary>
    public const string PasswordClosed = "password.closed";

    public const string PasswordChanged = "password.changed";

    public const string PasswordReset = "password.reset";

    /// <summary>Wrong guesses killed a challenge.</summary>
    public const string CodeSpent = "code.spent";

    /// <summary>Wrong guesses used up what an address may have.</summary>
    public const string CodeClosed = "code.closed";
}
