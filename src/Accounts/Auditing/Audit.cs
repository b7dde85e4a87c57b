using Npgsql;
using NpgsqlTypes;

namespace Accounts;

/// <summary>Writes security events, append-only, in the transaction of what they report.</summary>
public sealed class Audit(NpgsqlDataSource db, TimeProvider time)
{
    private const string Insert = """
        insert into audit (at, event, person_id, client_id, address_hash, address_masked, ip, request_id, details)
        values (@at, @event, @person, @client, @address_hash, @address_masked, @ip, @request, @details)
        """;

    /// <summary>Writes in a transaction of its own: for what changes nothing else.</summary>
    public async Task WriteAsync(AuditEvent audit, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await WriteAsync(connection, null, audit, ct);
    }

    public async Task WriteAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, AuditEvent audit, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Insert, connection, transaction);
        command.Parameters.With("at", time.GetUtcNow()).With("event", audit.Event)
            .With("person", NpgsqlDbType.Uuid, audit.PersonId).With("client", NpgsqlDbType.Text, audit.ClientId)
            .With("address_hash", NpgsqlDbType.Bytea, audit.Address is null ? null : Digest.Of(audit.Address))
            .With("address_masked", NpgsqlDbType.Text, audit.Address is null ? null : Mask(audit.Address))
            .With("ip", NpgsqlDbType.Inet, audit.Ip).With("request", NpgsqlDbType.Text, audit.RequestId)
            .With("details", NpgsqlDbType.Jsonb, audit.Details);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Mask(string address) =>
        address.Contains('@', StringComparison.Ordinal) ? EmailAddress.Mask(address) : PhoneNumber.Mask(address);
}
