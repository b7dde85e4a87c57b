using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace Accounts;

/// <summary>Who tries: the canonical identifier, of which kind, and from where.</summary>
internal sealed record PasswordSubject(string Identifier, string? Email, string? Phone, string Network);

/// <summary>A try that was charged to its budgets, or refused by them.</summary>
/// <param name="OpenAt">When the next may be judged; a try before that was not charged and must not be judged.</param>
/// <param name="AccountKey">Counter of the account.</param>
/// <param name="PairKey">Counter of account and network.</param>
/// <param name="PairFailures">Latest tries of the pair, this one included, newest first.</param>
/// <param name="AccountFailures">The account's.</param>
internal sealed record ChargedTry(
    DateTimeOffset OpenAt, byte[] AccountKey, byte[] PairKey, DateTimeOffset[] PairFailures, DateTimeOffset[] AccountFailures)
{
    public Guid? PersonId { get; init; }

    public string? PasswordHash { get; init; }

    public bool Enabled { get; init; }
}

/// <summary>
/// The counters of wrong passwords. A try is charged before it is judged, so that no number of parallel tries gets more than the budget,
/// and a right one is given back.
/// </summary>
internal sealed class PasswordBudgets(NpgsqlDataSource db, LockoutLimits limits)
{
    private readonly Rates _perAccount = Rates.Parse(limits.PerAccount);

    // Identifiers that nobody owns have counters of their own, so that a lock does not tell which are owned. One person's e-mail and phone
    // share one.
    private const string Subject = """
        person as (
            select id, password_hash, disabled_at from people where normalized_email = @email
            union all select id, password_hash, disabled_at from people where phone_number = @phone
            limit 1),
        subject as (
            select coalesce('person ' || (select id from person), 'nobody ' || @identifier) as name),
        keys as (
            select sha256(convert_to('password ' || name, 'UTF8')) as account,
                sha256(convert_to('password ' || name || ' from ' || @network, 'UTF8')) as pair
            from subject)
        """;

    // Upserts that also lock, the account first, so that tries at one account are charged one after another.
    private const string Lock = $$"""
        with {{Subject}}
        insert into guess_counters as g (key, times, expires_at)
        select key, '{}', @forget_at
        from (select account as key, 1 as place from keys union all select pair, 2 from keys) as both_keys order by place
        on conflict (key) do update set expires_at = greatest(g.expires_at, excluded.expires_at)
        """;

    // More tries are kept than the account's rate asks for: those of known devices go on when it is full, and must not push out the ones
    // that filled it before they are given back.
    private const string Charge = $$"""
        with {{Subject}},
        verdict as (
            select keys.*, greatest(
                case when p.times[@attempts] > p.times[1] - @duration then p.times[1] + @duration else '-infinity' end,
                case when @known_device then '-infinity' else open_again_at(a.times, @account_counts, @account_windows) end) as open_at,
                a.times as account_times, p.times as pair_times
            from keys join guess_counters a on a.key = keys.account join guess_counters p on p.key = keys.pair),
        charged as (
            update guess_counters g
            set times = (array[@now] || g.times)[1:case when g.key = verdict.account then @kept else @attempts end]
            from verdict where g.key in (verdict.account, verdict.pair) and verdict.open_at <= @now)
        select open_at, account, pair, (array[@now] || pair_times)[1:@attempts], (array[@now] || account_times)[1:@account_most],
            person.id, person.password_hash, person.disabled_at is null
        from verdict left join person on true
        """;

    private const string GiveBack = """
        update guess_counters
        set times = times[:array_position(times, @now) - 1] || times[array_position(times, @now) + 1:]
        where key = @key and @now = any(times)
        """;

    private const string Forget = "delete from guess_counters where key = @key";

    private const string SignIn = "update people set last_login_at = @now where id = @person";

    private const string Rehash = "update people set password_hash = @new_hash where id = @person and password_hash = @old_hash";

    /// <summary>Charges a try, if the budgets allow it, and says whom to judge it against.</summary>
    public async Task<ChargedTry> ChargeAsync(PasswordSubject subject, bool knownDevice, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        var longest = _perAccount.Longest > 2 * limits.Duration ? _perAccount.Longest : 2 * limits.Duration;
        Add(batch, Lock, subject).With("forget_at", now + longest);
        Add(batch, Charge, subject).With("now", now).With("attempts", limits.Attempts).With("duration", limits.Duration)
            .With("account", _perAccount).With("kept", 2 * _perAccount.Most).With("known_device", knownDevice);
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new ChargedTry(row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2),
            row.GetFieldValue<DateTimeOffset[]>(3), row.GetFieldValue<DateTimeOffset[]>(4))
        {
            PersonId = row.IsDBNull(5) ? null : row.GetGuid(5),
            PasswordHash = row.IsDBNull(6) ? null : row.GetString(6),
            Enabled = row.GetBoolean(7),
        };
    }

    /// <summary>The try was not judged after all.</summary>
    public async Task GiveBackAsync(ChargedTry charged, DateTimeOffset now)
    {
        await using var connection = await db.OpenConnectionAsync(CancellationToken.None);
        await using var batch = new NpgsqlBatch(connection);
        AddGiveBack(batch, charged.AccountKey, now);
        AddGiveBack(batch, charged.PairKey, now);
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>The password was right: the pair starts anew, the account gets this try back, the sign-in is noted.</summary>
    public async Task SignedInAsync(ChargedTry charged, string? newHash, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        AddGiveBack(batch, charged.AccountKey, now);
        batch.BatchCommands.Add(Command(Forget, p => p.With("key", charged.PairKey)));
        var person = charged.PersonId!.Value;
        batch.BatchCommands.Add(Command(SignIn, p => p.With("now", now).With("person", person)));
        if (newHash is not null)
        {
            batch.BatchCommands.Add(Command(Rehash,
                p => p.With("new_hash", newHash).With("old_hash", charged.PasswordHash!).With("person", person)));
        }
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The event to report when this try, now known to be wrong, used up a budget.</summary>
    public AuditEvent? UsedUp(ChargedTry charged, PasswordSubject subject, IPAddress ip, DateTimeOffset now)
    {
        var pairFull = charged.PairFailures.Length >= limits.Attempts && charged.PairFailures[^1] > now - limits.Duration;
        var accountFull = _perAccount.Left(charged.AccountFailures, now) == 0;
        return pairFull || accountFull
            ? new AuditEvent(accountFull ? AuditEvents.PasswordClosed : AuditEvents.PasswordLocked)
            {
                PersonId = charged.PersonId,
                Address = subject.Email ?? subject.Phone,
                Ip = ip,
            }
            : null;
    }

    private static void AddGiveBack(NpgsqlBatch batch, byte[] key, DateTimeOffset now) =>
        batch.BatchCommands.Add(Command(GiveBack, p => p.With("key", key).With("now", now)));

    private static NpgsqlParameterCollection Add(NpgsqlBatch batch, string sql, PasswordSubject subject)
    {
        var command = Command(sql, p => p.With("identifier", subject.Identifier).With("network", subject.Network)
            .With("email", NpgsqlDbType.Text, subject.Email).With("phone", NpgsqlDbType.Text, subject.Phone));
        batch.BatchCommands.Add(command);
        return command.Parameters;
    }

    private static NpgsqlBatchCommand Command(string sql, Action<NpgsqlParameterCollection> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        parameters(command.Parameters);
        return command;
    }
}
