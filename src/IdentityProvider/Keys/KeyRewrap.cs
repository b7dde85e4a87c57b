using System.Globalization;
using System.Security.Cryptography;
using System.Xml.Linq;
using Npgsql;

namespace IdentityProvider;

/// <summary>
/// The command <c>keys rewrap</c>: brings every wrapped row under the key-encryption key in force. One transaction, so that a run that dies has done
/// nothing; a second run finds what is left to do, which is nothing after a first that ended. Nodes go on meanwhile: they know both keys.
/// </summary>
internal sealed class KeyRewrap(NpgsqlDataSource database, KeyEncryptionKeys keks, TimeProvider time)
{
    private const string SigningKeysSql = "select key_id, algorithm, wrapped, kek_version, active_from from signing_keys where kek_version <> $1 order by key_id for update";

    private const string RingSql = "select id, xml from data_protection_keys order by id for update";

    // What is derived from a key-encryption key cannot be wrapped anew: it runs out. A rotated refresh token's successor can be asked for again for a
    // minute at most (Lifetimes:RefreshGrace).
    private const string CodesSql = "select max(expires_at) from challenges where key_version <> $1 and used_at is null and expires_at > $2";

    /// <summary>Does it, and says what was done, a sentence a line.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        // Nobody makes a key under the earlier one meanwhile.
        await using var signing = await AdvisoryLock.TakeAsync(database, AdvisoryLock.SigningKeys, cancellation);
        await using var ring = await AdvisoryLock.TakeAsync(database, AdvisoryLock.DataProtection, cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var signingKeys = await RewrapSigningKeysAsync(connection, cancellation);
        var ringKeys = await RewrapRingAsync(connection, cancellation);
        var neededUntil = await NeededUntilAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
        await Changes.NotifyAsync(database, Changes.Keys, cancellation);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"Under key {keks.Current.Version}: {signingKeys} signing keys and {ringKeys} data-protection keys wrapped anew."),
            string.Create(CultureInfo.InvariantCulture, $"Keys:AlsoRead can be emptied from {neededUntil:yyyy-MM-dd HH:mm:ss}Z on, once every node has the key above as Keys:Kek."),
        ];
    }

    private async Task<int> RewrapSigningKeysAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var stored = new List<StoredSigningKey>();
        await using (var select = new NpgsqlCommand(SigningKeysSql, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = keks.Current.Version } } })
        await using (var reader = await select.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                stored.Add(SigningKeyStore.Read(reader));
            }
        }

        foreach (var key in stored)
        {
            var context = SigningKeyRing.ContextOf(key.KeyId, key.Algorithm);
            await using var update = new NpgsqlCommand("update signing_keys set wrapped = $2, kek_version = $3 where key_id = $1", connection);
            update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.KeyId });
            update.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Rewrap(key.KekVersion, key.Wrapped, context) });
            update.Parameters.Add(new NpgsqlParameter<int> { TypedValue = keks.Current.Version });
            await update.ExecuteNonQueryAsync(cancellation);
        }

        return stored.Count;
    }

    private async Task<int> RewrapRingAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var stored = new List<(string Id, XElement Xml)>();
        await using (var select = new NpgsqlCommand(RingSql, connection))
        await using (var reader = await select.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                stored.Add((reader.GetString(0), XElement.Parse(reader.GetString(1))));
            }
        }

        var changed = 0;
        foreach (var (id, xml) in stored)
        {
            var wrapped = xml.Descendants(WrappedXml.Name).Where(element => WrappedXml.VersionOf(element) != keks.Current.Version).ToArray();
            if (wrapped.Length == 0)
            {
                continue;
            }

            foreach (var element in wrapped)
            {
                element.ReplaceWith(WrappedXml.Of(keks.Current.Version, Rewrap(WrappedXml.VersionOf(element), WrappedXml.BytesOf(element), WrappedXml.Context)));
            }

            await using var update = new NpgsqlCommand("update data_protection_keys set xml = $2 where id = $1", connection);
            update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
            update.Parameters.Add(new NpgsqlParameter<string> { TypedValue = xml.ToString(SaveOptions.DisableFormatting) });
            await update.ExecuteNonQueryAsync(cancellation);
            changed++;
        }

        return changed;
    }

    private async Task<DateTimeOffset> NeededUntilAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var inGrace = now + TimeSpan.FromMinutes(1);
        await using var command = new NpgsqlCommand(CodesSql, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = keks.Current.Version });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        return await command.ExecuteScalarAsync(cancellation) is DateTime codesUntil && codesUntil > inGrace.UtcDateTime ? new DateTimeOffset(codesUntil) : inGrace;
    }

    private byte[] Rewrap(int version, byte[] wrapped, string context)
    {
        var plain = keks.Unwrap(version, wrapped, context);
        try
        {
            return keks.Current.Wrap(plain, context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
