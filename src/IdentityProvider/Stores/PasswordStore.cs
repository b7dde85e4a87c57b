using Accounts;
using Npgsql;

namespace IdentityProvider;

/// <summary>A new password with all that follows from it, in one transaction: sessions end, the owner is told, the audit knows.</summary>
public sealed class PasswordStore(NpgsqlDataSource database, PasswordChange passwords, SessionEnding sessions, TimeProvider time)
{
    /// <summary>Sets a password and ends the person's other sessions, with everything granted in them.</summary>
    /// <param name="exceptSession">The session in which this is asked for; null: every session ends.</param>
    /// <returns>False: there is no such person, or they may not sign in.</returns>
    public Task<bool> SetAsync(NewPassword password, string? exceptSession, CancellationToken cancellation) =>
        StoreFailure.ToldAsync(WriteAsync(password, exceptSession, cancellation));

    private async Task<bool> WriteAsync(NewPassword password, string? exceptSession, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await passwords.WriteAsync(connection, transaction, password, cancellation))
        {
            return false;
        }

        var reason = exceptSession is null ? EndReason.PasswordReset : EndReason.PasswordChanged;
        await SessionEnding.EndAllAsync(transaction, password.PersonId, exceptSession, reason, time.GetUtcNow(), cancellation);

        await transaction.CommitAsync(cancellation);
        passwords.Wake();
        sessions.Wake();
        return true;
    }
}
