using Npgsql;

namespace Accounts;

/// <summary>Sign-in by password: the one door that holds guess budgets and lockout.</summary>
public sealed class PasswordSignIn(NpgsqlDataSource db)
{
    public async Task<PasswordOutcome> TryAsync(PasswordAttempt attempt, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return new PasswordOutcome.Refused();
    }
}
