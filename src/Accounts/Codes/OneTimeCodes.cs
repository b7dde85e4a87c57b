using Npgsql;

namespace Accounts;

/// <summary>One-time codes by e-mail: the only place that makes, sends and judges them.</summary>
public sealed class OneTimeCodes(NpgsqlDataSource db)
{
    /// <summary>Sends a code to an address, whoever it belongs to and whether it belongs to anybody.</summary>
    public async Task<SendOutcome> SendAsync(CodeRequest request, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return new SendOutcome.BadAddress();
    }

    /// <summary>Judges a typed code. A right one proves the address, once.</summary>
    public async Task<VerifyOutcome> VerifyAsync(CodeAttempt attempt, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return new VerifyOutcome.Unknown();
    }

    /// <summary>How far the mail of a challenge has come.</summary>
    public async Task<MailState> MailStateAsync(string challenge, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return new MailState.Unknown();
    }
}
