namespace Accounts;

/// <summary>The answer of <see cref="AccountCreation"/>.</summary>
public abstract record CreationOutcome
{
    private CreationOutcome()
    {
    }

    public sealed record Created(Guid PersonId) : CreationOutcome;

    /// <summary>Somebody has the address already; to be said only to who has proven it.</summary>
    public sealed record Exists(Guid PersonId, bool Enabled) : CreationOutcome;
}
