using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Accounts;

/// <summary>Writes security events, append-only, in the transaction of what they report.</summary>
public sealed class Audit(NpgsqlDataSource db, TimeProvider time)
{
    const string Insert = """
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
        command.Parameters.AddWithValue("at", time.GetUtcNow());
        command.Parameters.AddWithValue("event", audit.Event);
        command.Parameters.Add(Optional("person", NpgsqlDbType.Uuid, audit.PersonId));
        command.Parameters.Add(Optional("client", NpgsqlDbType.Text, audit.ClientId));
        command.Parameters.Add(Optional("address_hash", NpgsqlDbType.Bytea, audit.Address is { } a ? SHA256.HashData(Encoding.UTF8.GetBytes(a)) : null));
        command.Parameters.Add(Optional("address_masked", NpgsqlDbType.Text, audit.Address is { } m ? Mask(m) : null));
        command.Parameters.Add(Optional("ip", NpgsqlDbType.Inet, audit.Ip));
        command.Parameters.Add(Optional("request", NpgsqlDbType.Text, audit.RequestId));
        command.Parameters.Add(Optional("details", NpgsqlDbType.Jsonb, audit.Details));
        await command.ExecuteNonQueryAsync(ct);
    }

    static string Mask(string address) => address.Contains('@', StringComparison.Ordinal) ? EmailAddress.Mask(address) : PhoneNumber.Mask(address);

    static NpgsqlParameter Optional(string name, NpgsqlDbType type, object? value) => new(name, type) { Value = value ?? DBNull.Value };
}
