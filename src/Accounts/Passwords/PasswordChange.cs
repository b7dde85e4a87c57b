using System.Net;
using Npgsql;
using NpgsqlTypes;

namespace Accounts;

/// <summary>A new password of somebody who has shown that they may set it.</summary>
/// <param name="NewHash">Made by <see cref="Passwords.HashAsync"/>.</param>
/// <param name="Event">One of <see cref="AuditEvents"/>.</param>
public sealed record NewPassword(Guid PersonId, string NewHash, string Event)
{
    public IPAddress? Ip { get; init; }

    public string? RequestId { get; init; }
}

/// <summary>Sets passwords, and tells their owners, in the transaction of whatever else follows from it.</summary>
public sealed class PasswordChange(AccountsKeys keys, PasswordMail mail, MailQueue queue, Audit audit, TimeProvider time)
{
    // Long enough for a mail server's bad day; what it says is not urgent by the minute as a code is.
    private static readonly TimeSpan MailLifetime = TimeSpan.FromDays(1);

    private const string Set = """
        update people set password_hash = @hash, updated_at = @now, security_stamp = @stamp, concurrency_stamp = @stamp
        where id = @person and disabled_at is null returning email, email_verified_at is not null, locale
        """;

    private const string Tell = """
        insert into mail_queue (message_id, challenge, payload, key_version, due_at, created_at, expires_at)
        values (@message_id, @challenge, @payload, @version, @now, @now, @expires_at)
        """;

    /// <summary>False: there is no such person, or they may not sign in; nothing was changed.</summary>
    public async Task<bool> WriteAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, NewPassword password, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (await SetAsync(connection, transaction, password, now, ct) is not { } owner)
        {
            return false;
        }

        if (owner.VerifiedAddress is { } address)
        {
            var message = queue.Seal(mail.Compose(address, owner.Locale, now));
            await using var command = new NpgsqlCommand(Tell, connection, transaction);
            command.Parameters.With("message_id", message.MessageId).With("challenge", Digest.Of(message.MessageId)).With("payload", message.Payload)
                .With("version", keys.Version).With("now", now).With("expires_at", now + MailLifetime);
            await command.ExecuteNonQueryAsync(ct);
        }

        var changed = new AuditEvent(password.Event) { PersonId = password.PersonId, Address = owner.VerifiedAddress, Ip = password.Ip, RequestId = password.RequestId };
        await audit.WriteAsync(connection, transaction, changed, ct);
        return true;
    }

    /// <summary>To be called after the transaction was committed, so that its mail goes out at once.</summary>
    public void Wake() => queue.Wake();

    private static async Task<Owner?> SetAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, NewPassword password, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Set, connection, transaction);
        command.Parameters.With("hash", password.NewHash).With("now", now).With("stamp", Guid.CreateVersion7(now).ToString()).With("person", NpgsqlDbType.Uuid, password.PersonId);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            return null;
        }

        var address = row.IsDBNull(0) || !row.GetBoolean(1) ? null : row.GetString(0);
        return new Owner(address, row.IsDBNull(2) ? null : row.GetString(2));
    }

    private sealed record Owner(string? VerifiedAddress, string? Locale);
}
