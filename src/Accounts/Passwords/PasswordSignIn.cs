using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Accounts;

/// <summary>
/// Sign-in by password: the one door that holds guess budgets and lockout. Unknown, disabled and wrong cost the same and look the same.
/// </summary>
public sealed class PasswordSignIn(
    NpgsqlDataSource db, Passwords passwords, Audit audit, IOptions<LockoutLimits> limits, TimeProvider time, ILogger<PasswordSignIn> log)
{
    private readonly PasswordBudgets _budgets = new(db, limits.Value);
    private readonly Turns _turns = new(places: 50);

    /// <summary>Judges a password. Whether the caller goes on to a session is the caller's: second factors are not asked here.</summary>
    public async Task<PasswordOutcome> TryAsync(PasswordAttempt attempt, CancellationToken ct)
    {
        // Nobody has such a password, and it must not be worked on.
        if (!PasswordPolicy.IsText(attempt.Password))
        {
            return new PasswordOutcome.Refused();
        }

        var subject = Identify(attempt);
        using var turn = await _turns.TakeAsync($"{subject.Identifier} {subject.Network}", ct);
        if (turn is null)
        {
            return Busy();
        }

        var now = time.GetUtcNow();
        var charged = await _budgets.ChargeAsync(subject, attempt.KnownDevice, now, ct);
        if (charged.OpenAt > now)
        {
            return new PasswordOutcome.Locked(charged.OpenAt);
        }

        var match = await passwords.VerifyAsync(charged.PasswordHash, attempt.Password, ct);
        switch (match)
        {
            case PasswordMatch.Busy:
                await _budgets.GiveBackAsync(charged, now);
                return Busy();
            case PasswordMatch.Right or PasswordMatch.RightButWeak when charged.Enabled:
                var newHash = match == PasswordMatch.RightButWeak ? await passwords.TryHashAsync(attempt.Password, ct) : null;
                await _budgets.SignedInAsync(charged, newHash, now, ct);
                return new PasswordOutcome.SignedIn(charged.PersonId!.Value);
            default:
                if (_budgets.UsedUp(charged, subject, attempt.Ip, now) is { } usedUp)
                {
                    await audit.WriteAsync(usedUp, ct);
                }

                var withoutPassword = charged is { PersonId: not null, PasswordHash: null, Enabled: true };
                return withoutPassword ? new PasswordOutcome.NoPassword() : new PasswordOutcome.Refused();
        }
    }

    // What is neither address nor number belongs to nobody, and is refused as slowly as the rest.
    private static PasswordSubject Identify(PasswordAttempt attempt)
    {
        var email = EmailAddress.Canonical(attempt.Identifier);
        var phone = email is null ? PhoneNumber.Canonical(attempt.Identifier) : null;
        var identifier = email ?? phone ?? Convert.ToHexString(Digest.Of(attempt.Identifier));
        return new PasswordSubject(identifier, email, phone, ClientNetwork.Of(attempt.Ip));
    }

    private PasswordOutcome.Busy Busy()
    {
        log.HashingBusy();
        return new PasswordOutcome.Busy(HashingQueue.RetryAfter);
    }
}
