namespace Accounts;

/// <summary>
/// The only way to a password hash. New passwords pass the policy, every hashing waits its turn (<see cref="HashingQueue"/>), and judging a
/// password costs the same whether there is a hash to judge it by or not.
/// </summary>
public sealed class Passwords : IDisposable
{
    // Judged against when there is no hash: the hash of a password nobody knows.
    private static readonly string Decoy = Argon2id.Hash(Guid.CreateVersion7().ToString());

    private readonly HashingQueue _queue;

    public Passwords() : this(new HashingQueue())
    {
    }

    internal Passwords(HashingQueue queue) => _queue = queue;

    /// <summary>Hashes a new password of whoever has <paramref name="address"/>, if it passes <see cref="PasswordPolicy"/>.</summary>
    public async Task<HashOutcome> HashAsync(string password, string? address, CancellationToken ct)
    {
        if (PasswordPolicy.Check(password, address) is var verdict and not PasswordVerdict.Good)
        {
            return new HashOutcome.Unacceptable(verdict);
        }

        return await TryHashAsync(password, ct) is { } hash ? new HashOutcome.Hashed(hash) : new HashOutcome.Busy(HashingQueue.RetryAfter);
    }

    /// <summary>Whether <paramref name="password"/> made <paramref name="hash"/>. Without a hash it is wrong, and takes as long.</summary>
    public async Task<PasswordMatch> VerifyAsync(string? hash, string password, CancellationToken ct)
    {
        if (!PasswordPolicy.IsText(password))
        {
            return PasswordMatch.Wrong;
        }

        var right = false;
        if (!await _queue.TryRunAsync(() => right = Argon2id.Verify(hash ?? Decoy, password), ct))
        {
            return PasswordMatch.Busy;
        }

        if (!right || hash is null)
        {
            return PasswordMatch.Wrong;
        }

        return Argon2id.IsWeak(hash) ? PasswordMatch.RightButWeak : PasswordMatch.Right;
    }

    public void Dispose() => _queue.Dispose();

    /// <summary>A hash of a password that needs no judging, such as one that was just found right; null when the queue is full.</summary>
    internal async Task<string?> TryHashAsync(string password, CancellationToken ct)
    {
        string? hash = null;
        await _queue.TryRunAsync(() => hash = Argon2id.Hash(password), ct);
        return hash;
    }

    /// <summary>For <see cref="Argon2PasswordHasher"/>, whose interface knows no waiting.</summary>
    internal void Run(Action work) => _queue.Run(work);
}

/// <summary>The answer of <see cref="Passwords.HashAsync"/>.</summary>
public abstract record HashOutcome
{
    private HashOutcome()
    {
    }

    /// <summary>A PHC string, <c>$argon2id$…</c>.</summary>
    public sealed record Hashed(string Hash) : HashOutcome;

    public sealed record Unacceptable(PasswordVerdict Verdict) : HashOutcome;

    /// <summary>Too many passwords are being judged at once.</summary>
    public sealed record Busy(TimeSpan RetryAfter) : HashOutcome;
}

/// <summary>The answer of <see cref="Passwords.VerifyAsync"/>.</summary>
public enum PasswordMatch
{
    Wrong,
    Right,

    /// <summary>Right, but the stored hash is weaker than one made today.</summary>
    RightButWeak,

    /// <summary>Not judged: too many at once.</summary>
    Busy,
}
