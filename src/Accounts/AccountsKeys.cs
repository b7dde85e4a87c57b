namespace Accounts;

/// <summary>
/// The keys this room works with, derived by the host from the key-encryption key: a database dump alone yields no code and no mail.
/// </summary>
/// <param name="CodeKey">HMAC-SHA-256 key of the stored one-time codes; 32 bytes.</param>
/// <param name="MailKey">AES-256-GCM key of the queued mails; 32 bytes.</param>
/// <param name="Version">Stands on every row written under these keys. Rows of another version are dead: the person asks for a new
/// code.</param>
public sealed record AccountsKeys(byte[] CodeKey, byte[] MailKey, int Version);
