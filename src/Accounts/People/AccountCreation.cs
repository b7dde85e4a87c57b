using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace Accounts;

/// <summary>Makes accounts, only for addresses that were proven.</summary>
public sealed class AccountCreation(AccountsDb db, UserManager<Person> people, Audit audit, TimeProvider time)
{
    /// <summary>
    /// Makes the account of a proven e-mail address. Of any number of parallel calls for one address one creates, the others find it
    /// existing.
    /// </summary>
    /// <param name="provenAddress">Canonical, from <see cref="VerifyOutcome.Proven"/>.</param>
    /// <param name="passwordHash">Made by <see cref="Passwords.HashAsync"/>, or null for an account without a password.</param>
    /// <param name="name">What to call the person.</param>
    /// <param name="locale">BCP 47 tag of the language they signed up in.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<CreationOutcome> CreateAsync(
        string provenAddress, string? passwordHash, string? name, string? locale, CancellationToken ct)
    {
        if (await FindAsync(provenAddress, ct) is { } existing)
        {
            return existing;
        }

        var now = time.GetUtcNow();
        var person = new Person(now)
        {
            Email = provenAddress,
            EmailVerifiedAt = now,
            // Whoever proves an address to make an account goes on signed in.
            LastLoginAt = now,
            PasswordHash = passwordHash,
            Name = name,
            Locale = locale,
        };
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        try
        {
            var result = await people.CreateAsync(person);
            if (!result.Succeeded)
            {
                throw new InvalidOperationException($"Identity refused a proven address: {result}");
            }
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody was faster between the look and the insert; the unique index decides.
            await transaction.RollbackAsync(ct);
            db.Entry(person).State = EntityState.Detached;
            return await FindAsync(provenAddress, ct) ?? throw new InvalidOperationException("The address is taken, and nobody has it.", e);
        }
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        var created = new AuditEvent(AuditEvents.AccountCreated) { PersonId = person.Id, Address = provenAddress };
        await audit.WriteAsync(connection, (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction(), created, ct);
        await transaction.CommitAsync(ct);
        return new CreationOutcome.Created(person.Id);
    }

    private async Task<CreationOutcome.Exists?> FindAsync(string address, CancellationToken ct) =>
        await db.Users.Where(p => p.NormalizedEmail == address)
            .Select(p => new CreationOutcome.Exists(p.Id, p.DisabledAt == null)).FirstOrDefaultAsync(ct);
}
