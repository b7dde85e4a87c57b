using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace Accounts;

/// <summary>A challenge to be written.</summary>
internal sealed record NewChallenge(byte[] Id, string Address, byte[] CodeHash, DateTimeOffset ExpiresAt);

/// <summary>What the database decided on a send: the challenge was written (<see cref="ResendAt"/>) or not.</summary>
internal sealed record SendDecision(DateTimeOffset OpenAt, DateTimeOffset? ResendAt, DateTimeOffset? LiveUntil);

/// <summary>A guess at a challenge, hashed under every key its code may stand under; without hashes there were not six digits, and nothing is counted.</summary>
internal sealed record Guess(byte[] Id, byte[][]? CodeHashes, string? Address, CodeAttempt Attempt);

/// <summary>What the database decided on a guess.</summary>
/// <param name="State"><c>open</c> when it was judged, else why not.</param>
/// <param name="Correct">Null when it was not judged.</param>
/// <param name="Failures">Latest wrong guesses at the address, newest first.</param>
internal sealed record GuessDecision(
    string State, bool? Correct, string Address, string? PasswordHash, int WrongGuesses, DateTimeOffset[] Failures, bool Known)
{
    public DateTimeOffset ResendAt { get; init; }

    public DateTimeOffset OpenAt { get; init; }

    public Guid? PersonId { get; init; }

    public bool Enabled { get; init; }
}

/// <summary>
/// The statements on challenges. Each step is one round trip and one transaction: lock the counters; then decide, count and write at once.
/// </summary>
internal sealed class Challenges(NpgsqlDataSource db, CodeLimits limits, AccountsKeys keys)
{
    // Upserts that also lock, the address first, so that for the deciding statement every other send is either over or not begun.
    private const string LockAddress = """
        insert into send_counters as c (key, times, expires_at) values (@key, '{}', @forget_at)
        on conflict (key) do update set expires_at = greatest(c.expires_at, excluded.expires_at)
        """;

    private const string LockIp = """
        insert into ip_send_counters as c (key, times, expires_at) values (@key, '{}', @forget_at)
        on conflict (key) do update set expires_at = greatest(c.expires_at, excluded.expires_at)
        """;

    // One send within every rate, or nothing at all. A rate for each pair of IP and address needs no counter: it is the address's own.
    private const string Send = """
        with verdict as (
            select greatest(
                open_again_at(a.times, @address_counts, @address_windows),
                open_again_at(i.times, @ip_counts, @ip_windows)) as open_at
            from send_counters a, ip_send_counters i
            where a.key = @address_key and i.key = @ip_key),
        address as (
            update send_counters set times = (array[@now] || times)[1:@address_most]
            from verdict where key = @address_key and open_at <= @now
            returning times),
        ip as (
            update ip_send_counters set times = (array[@now] || times)[1:@ip_most]
            from verdict where key = @ip_key and open_at <= @now
            returning times),
        challenge as (
            insert into challenges (id, address, purpose, surface, bound_to, code_hash, key_version, known_device, password_hash,
                created_at, resend_at, expires_at)
            select @id, @address, @purpose, @surface, @bound_to, @code_hash, @version, @known_device, @password_hash, @now,
                greatest(
                    open_again_at(address.times, @address_counts, @address_windows),
                    open_again_at(ip.times, @ip_counts, @ip_windows)),
                @expires_at
            from address, ip
            returning resend_at),
        mail as (
            insert into mail_queue (message_id, challenge, payload, key_version, due_at, created_at, expires_at)
            select @message_id, @id, @payload, @version, @now, @now, @expires_at from challenge)
        select verdict.open_at, challenge.resend_at,
            (select max(expires_at) from challenges
             where address = @address and purpose = @purpose and surface = @surface and bound_to = @bound_to
                and used_at is null and expires_at > @now and wrong_guesses < @guesses and key_version = any(@versions)) as live_until
        from verdict left join challenge on true
        """;

    private const string Bound = """
        c.id = @id and c.purpose = @purpose and c.surface = @surface and c.bound_to = any(@bound_to)
            and c.address = coalesce(@address, c.address)
        """;

    private const string FindOpen = $$"""
        select c.password_hash from challenges c where {{Bound}} and c.used_at is null and c.expires_at > @now and c.wrong_guesses < @guesses
        """;

    private const string OpenAt = """
        select greatest(
            open_again_at(coalesce((select times from send_counters where key = @address_key), '{}'), @address_counts, @address_windows),
            open_again_at(coalesce((select times from ip_send_counters where key = @ip_key), '{}'), @ip_counts, @ip_windows))
        """;

    private const string GuessKey = "sha256(convert_to('code ' || c.address, 'UTF8'))";

    // Whoever guesses at an address, at whichever of its challenges, waits here for the one before.
    private const string LockGuesses = $$"""
        insert into guess_counters as g (key, times, expires_at)
        select {{GuessKey}}, '{}', @forget_at from challenges c where {{Bound}} and c.used_at is null and c.expires_at > @now
        on conflict (key) do update set expires_at = greatest(g.expires_at, excluded.expires_at)
        """;

    // The hashes are keyed: how long their comparison takes tells nothing to who cannot compute one.
    private const string Judge = $$"""
        with challenge as (
            select c.*, g.key as guess_key, g.times as failures, open_again_at(g.times, @guess_counts, @guess_windows) as open_at,
                c.known_device and @known_device as known, coalesce(c.code_hash = any(@code_hashes), false) as correct
            from challenges c left join guess_counters g on g.key = {{GuessKey}}
            where {{Bound}}),
        verdict as (
            select *, case
                when used_at is not null then 'used'
                when expires_at <= @now or key_version <> all(@versions) then 'expired'
                when wrong_guesses >= @guesses then 'spent'
                when open_at > @now and not known then 'limited'
                else 'open' end as state
            from challenge),
        judged as (
            update challenges c
            set used_at = case when verdict.correct then @now end,
                wrong_guesses = c.wrong_guesses + case when verdict.correct then 0 else 1 end
            from verdict
            where c.id = verdict.id and verdict.state = 'open' and @code_hashes is not null
                and c.used_at is null and c.wrong_guesses < @guesses
            returning verdict.correct, c.wrong_guesses),
        counted as (
            update guess_counters g set times = (array[@now] || g.times)[1:@guess_most]
            from verdict, judged where g.key = verdict.guess_key and not judged.correct
            returning g.times as failures, open_again_at(g.times, @guess_counts, @guess_windows) > @now as closed),
        signed_in as (
            update people p set last_login_at = @now
            from verdict, judged
            where judged.correct and verdict.purpose = 'sign-in' and p.normalized_email = verdict.address and p.disabled_at is null),
        audited as (
            insert into audit (at, event, address_hash, address_masked, ip)
            select @now, case when counted.closed then '{{AuditEvents.CodeClosed}}' else '{{AuditEvents.CodeSpent}}' end,
                sha256(convert_to(address, 'UTF8')), left(address, 1) || '***' || substr(address, position('@' in address)), @ip
            from verdict, judged, counted
            where counted.closed or judged.wrong_guesses >= @guesses)
        select verdict.state, judged.correct, verdict.address, verdict.password_hash, coalesce(judged.wrong_guesses, verdict.wrong_guesses),
            coalesce(counted.failures, verdict.failures), verdict.known, verdict.resend_at, verdict.open_at,
            person.id, person.id is not null and person.disabled_at is null
        from verdict left join judged on true left join counted on true
            left join people person on person.normalized_email = verdict.address and judged.correct
        """;

    public async Task<SendDecision> SendAsync(
        NewChallenge challenge, CodeRequest request, SealedMail mail, DateTimeOffset now, CancellationToken ct)
    {
        var addressKey = Digest.Of(challenge.Address);
        var ipKey = Digest.Of(ClientNetwork.Of(request.Ip));
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, LockAddress).With("key", addressKey).With("forget_at", now + limits.PerAddress.Longest);
        Add(batch, LockIp).With("key", ipKey).With("forget_at", now + limits.PerIp.Longest);
        Add(batch, Send)
            .With("address", limits.PerAddress).With("ip", limits.PerIp).With("address_key", addressKey).With("ip_key", ipKey)
            .With("id", challenge.Id).With("address", challenge.Address).With("code_hash", challenge.CodeHash).With("version", keys.Version).With("versions", keys.Versions)
            .With("purpose", request.Purpose.Text()).With("surface", request.Surface.Text()).With("bound_to", Digest.Of(request.BoundTo))
            .With("known_device", request.KnownDevice).With("password_hash", NpgsqlDbType.Text, request.PasswordHash)
            .With("now", now).With("expires_at", challenge.ExpiresAt).With("guesses", limits.GuessesPerChallenge)
            .With("message_id", mail.MessageId).With("payload", mail.Payload);
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new SendDecision(row.GetFieldValue<DateTimeOffset>(0), Time(row, 1), Time(row, 2));
    }

    /// <summary>Null when there is no such challenge for this browser or client, purpose, surface and address.</summary>
    public async Task<GuessDecision?> JudgeAsync(Guess guess, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        AddBound(batch, LockGuesses, guess, now).With("forget_at", now + limits.Guesses.Longest);
        AddBound(batch, Judge, guess, now).With("code_hashes", NpgsqlDbType.Array | NpgsqlDbType.Bytea, guess.CodeHashes).With("versions", keys.Versions)
            .With("known_device", guess.Attempt.KnownDevice).With("ip", guess.Attempt.Ip)
            .With("guesses", limits.GuessesPerChallenge).With("guess", limits.Guesses);
        await using var row = await batch.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? Read(row) : null;
    }

    /// <summary>When the next code may be sent to an address on behalf of a network; changes nothing.</summary>
    public async Task<DateTimeOffset> OpenAtAsync(string address, IPAddress ip, CancellationToken ct)
    {
        await using var command = db.CreateCommand(OpenAt);
        command.Parameters.With("address", limits.PerAddress).With("ip", limits.PerIp)
            .With("address_key", Digest.Of(address)).With("ip_key", Digest.Of(ClientNetwork.Of(ip)));
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return row.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>The challenge if it could be judged; changes nothing.</summary>
    public async Task<OpenChallenge?> FindOpenAsync(Guess guess, DateTimeOffset now, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        AddBound(batch, FindOpen, guess, now).With("guesses", limits.GuessesPerChallenge);
        await using var row = await batch.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new OpenChallenge(row.IsDBNull(0) ? null : row.GetString(0)) : null;
    }

    private static GuessDecision Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.IsDBNull(1) ? null : row.GetBoolean(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            row.GetInt32(4), row.IsDBNull(5) ? [] : row.GetFieldValue<DateTimeOffset[]>(5), row.GetBoolean(6))
        {
            ResendAt = row.GetFieldValue<DateTimeOffset>(7),
            OpenAt = Time(row, 8) ?? DateTimeOffset.MinValue,
            PersonId = row.IsDBNull(9) ? null : row.GetGuid(9),
            Enabled = row.GetBoolean(10),
        };

    private static NpgsqlParameterCollection AddBound(NpgsqlBatch batch, string sql, Guess guess, DateTimeOffset now) =>
        Add(batch, sql).With("id", guess.Id).With("purpose", guess.Attempt.Purpose.Text()).With("surface", guess.Attempt.Surface.Text())
            .With("bound_to", BoundTo(guess.Attempt)).With("address", NpgsqlDbType.Text, guess.Address).With("now", now);

    private static byte[][] BoundTo(CodeAttempt attempt) =>
        attempt.OrBoundTo is { } other ? [Digest.Of(attempt.BoundTo), Digest.Of(other)] : [Digest.Of(attempt.BoundTo)];

    private static NpgsqlParameterCollection Add(NpgsqlBatch batch, string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        batch.BatchCommands.Add(command);
        return command.Parameters;
    }

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
