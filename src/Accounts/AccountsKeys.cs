namespace Accounts;

/// <summary>
/// The keys this room works with, derived by the host from the key-encryption key: a database dump alone yields no code and no mail.
/// </summary>
/// <param name="CodeKey">HMAC-SHA-256 key of the stored one-time codes; 32 bytes.</param>
/// <param name="MailKey">AES-256-GCM key of the queued mails; 32 bytes.</param>
/// <param name="Version">Stands on every row written under these keys.</param>
public sealed record AccountsKeys(byte[] CodeKey, byte[] MailKey, int Version)
{
    /// <summary>Keys that nothing is written under, while one takes another's place. Rows of a version that is not here either are dead: the person asks for a
    /// new code.</summary>
    public IReadOnlyList<AccountsKeys> AlsoRead { get; init; } = [];

    internal IEnumerable<AccountsKeys> Readable => AlsoRead.Prepend(this);

    internal int[] Versions => [.. Readable.Select(keys => keys.Version)];
}
