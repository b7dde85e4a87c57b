using Npgsql;
using NpgsqlTypes;

namespace Accounts;

/// <summary>A mail to be tried now, by whoever holds <see cref="Lease"/>.</summary>
internal sealed record ClaimedMail(SealedMail Mail, Guid Lease, int Tries, int HandedOver, DateTimeOffset ExpiresAt);

/// <summary>
/// Mails waiting to be handed over, written in the statement that writes their challenge. Each goes out at least once, at most twice and
/// then with the same Message-ID, and never after its code has expired, whatever nodes die in between: a try holds a lease, and just before
/// a mail's last line goes out one statement checks lease and expiry and counts.
/// </summary>
public sealed class MailQueue(NpgsqlDataSource db, AccountsKeys keys, TimeProvider time) : IDisposable
{
    /// <summary>Longer than any step of a conversation may take.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(2);

    private const int MostHandovers = 2;

    private const string Claim = """
        update mail_queue set holder = @lease, due_at = @lease_until
        where message_id = (
            select message_id from mail_queue
            where state = 'queued' and due_at <= @now and expires_at > @now and handed_over < @most and key_version = any(@versions)
            order by due_at limit 1 for update skip locked)
        returning message_id, payload, tries, handed_over, expires_at, key_version
        """;

    private const string HandOver = """
        update mail_queue set handed_over = handed_over + 1, due_at = @lease_until
        where message_id = @message_id and holder = @lease and state = 'queued' and expires_at > @now and handed_over < @most
        """;

    private const string Settle = """
        update mail_queue set state = @state, settled_at = @now, failure = @failure, holder = null, payload = null
        where message_id = @message_id and holder = @lease and state = 'queued'
        """;

    private const string Postpone = """
        update mail_queue
        set due_at = @due_at, tries = tries + @tries, handed_over = handed_over - @not_taken, failure = @failure, holder = null
        where message_id = @message_id and holder = @lease and state = 'queued'
        """;

    private const string State = """
        select state, settled_at, failure is not null, due_at, handed_over >= @most, created_at, expires_at <= @now
        from mail_queue where challenge = @challenge
        """;

    private readonly MailSeal _seal = new(keys);
    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>How far the mail of a challenge has come, for the page that awaits its code.</summary>
    /// <param name="challenge">The handle that <see cref="SendOutcome.Sent"/> gave.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<MailState> StateAsync(string challenge, CancellationToken ct)
    {
        if (ChallengeHandle.Id(challenge) is not { } id)
        {
            return new MailState.Unknown();
        }

        await using var command = db.CreateCommand(State);
        command.Parameters.With("challenge", id).With("most", MostHandovers).With("now", time.GetUtcNow());
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            return new MailState.Unknown();
        }

        var (state, refused, handedOverTwice, expired) = (row.GetString(0), row.GetBoolean(2), row.GetBoolean(4), row.GetBoolean(6));
        return state switch
        {
            "sent" => new MailState.Sent(row.GetFieldValue<DateTimeOffset>(1)),
            "failed" => new MailState.Undeliverable(),
            // Twice the last line went out and no answer came back; it will not be sent again and has most likely arrived.
            _ when handedOverTwice => new MailState.Sent(row.GetFieldValue<DateTimeOffset>(5)),
            _ when expired => new MailState.Undeliverable(),
            _ when refused => new MailState.Delayed(row.GetFieldValue<DateTimeOffset>(3)),
            _ => new MailState.Queued(),
        };
    }

    public void Dispose() => _wake.Dispose();

    internal SealedMail Seal(OutgoingMail mail) => _seal.Seal(mail);

    internal OutgoingMail? Open(SealedMail mail) => _seal.Open(mail);

    /// <summary>Tells this node's dispatcher that something was queued. Told twice, it looks twice.</summary>
    internal void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    /// <summary>Waits to be woken, at most so long.</summary>
    internal Task WaitAsync(TimeSpan atMost, CancellationToken ct) => _wake.WaitAsync(atMost, ct);

    /// <summary>The mail that has been due longest, now leased to the caller; null when none is due.</summary>
    internal async Task<ClaimedMail?> ClaimAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var lease = Guid.CreateVersion7(now);
        await using var command = db.CreateCommand(Claim);
        command.Parameters.With("lease", lease).With("lease_until", now + LeaseTime).With("now", now)
            .With("most", MostHandovers).With("versions", keys.Versions);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            return null;
        }

        var mail = new SealedMail(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt32(5));
        return new ClaimedMail(mail, lease, row.GetInt32(2), row.GetInt32(3), row.GetFieldValue<DateTimeOffset>(4));
    }

    /// <summary>To be asked just before the last line goes out; on false it must not.</summary>
    internal async Task<bool> MayHandOverAsync(ClaimedMail claimed, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var command = Command(HandOver, claimed);
        command.Parameters.With("now", now).With("lease_until", now + LeaseTime).With("most", MostHandovers);
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    internal Task SettleSentAsync(ClaimedMail claimed) => SettleAsync(claimed, "sent", failure: null);

    internal Task SettleFailedAsync(ClaimedMail claimed, string failure) => SettleAsync(claimed, "failed", failure);

    /// <summary>Ends the lease; the next try is at <paramref name="dueAt"/>.</summary>
    /// <param name="claimed">The mail.</param>
    /// <param name="dueAt">When to try again.</param>
    /// <param name="failure">Why, for the operator.</param>
    /// <param name="counts">Whether this was a try; the sender's own trouble is none.</param>
    /// <param name="notTaken">Whether the last line went out and was answered by a refusal, so that the mail is known not to have
    /// arrived.</param>
    internal async Task PostponeAsync(ClaimedMail claimed, DateTimeOffset dueAt, string failure, bool counts, bool notTaken)
    {
        await using var command = Command(Postpone, claimed);
        command.Parameters.With("due_at", dueAt).With("failure", failure).With("tries", counts ? 1 : 0).With("not_taken", notTaken ? 1 : 0);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    // What the mail server said must be kept also when the host is stopping, so settling is not cancelled.
    private async Task SettleAsync(ClaimedMail claimed, string state, string? failure)
    {
        await using var command = Command(Settle, claimed);
        command.Parameters.With("state", state).With("failure", NpgsqlDbType.Text, failure).With("now", time.GetUtcNow());
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private NpgsqlCommand Command(string sql, ClaimedMail claimed)
    {
        var command = db.CreateCommand(sql);
        command.Parameters.With("message_id", claimed.Mail.MessageId).With("lease", claimed.Lease);
        return command;
    }
}
