using System.Buffers.Text;
using System.Security.Cryptography;
using Npgsql;

namespace Accounts;

/// <summary>
/// What whoever proved an address gets when nobody has it: good for making its account within ten minutes, once. Only a hash is stored.
/// </summary>
public sealed class RegistrationTokens(NpgsqlDataSource db, TimeProvider time)
{
    private const string Prefix = "rg_";
    private const int Length = 3 + 43;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string Insert = "insert into registration_tokens (hash, address, expires_at) values (@hash, @address, @expires_at)";

    private const string Find = "select address from registration_tokens where hash = @hash and used_at is null and expires_at > @now";

    // At most once: parallel statements wait for the row, see it used, and update nothing.
    private const string Redeem = "update registration_tokens set used_at = @now where hash = @hash and used_at is null and expires_at > @now returning address";

    /// <summary>A token for an address that was just proven.</summary>
    /// <param name="provenAddress">Canonical, from <see cref="VerifyOutcome.Proven"/>.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<string> IssueAsync(string provenAddress, CancellationToken ct)
    {
        var token = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        await using var command = db.CreateCommand(Insert);
        command.Parameters.With("hash", Digest.Of(token)).With("address", provenAddress).With("expires_at", time.GetUtcNow() + Lifetime);
        await command.ExecuteNonQueryAsync(ct);
        return token;
    }

    /// <summary>The address a token proves, if it still does; it stays as good as it was.</summary>
    public Task<string?> FindAsync(string token, CancellationToken ct) => RunAsync(Find, token, ct);

    /// <summary>The address a token proves, if it still does, for the first caller only.</summary>
    public Task<string?> RedeemAsync(string token, CancellationToken ct) => RunAsync(Redeem, token, ct);

    private async Task<string?> RunAsync(string sql, string token, CancellationToken ct)
    {
        if (token.Length != Length || !token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        await using var command = db.CreateCommand(sql);
        command.Parameters.With("hash", Digest.Of(token)).With("now", time.GetUtcNow());
        return (string?)await command.ExecuteScalarAsync(ct);
    }
}
