namespace Accounts;

/// <summary>A mail as it goes out, the same bytes at every try.</summary>
/// <param name="MessageId">Without angle brackets.</param>
/// <param name="Recipient">Envelope recipient, canonical.</param>
/// <param name="Message">RFC 5322 message: CRLF line ends, the last line ended too.</param>
internal sealed record OutgoingMail(string MessageId, string Recipient, byte[] Message);

/// <summary>What stands around a message, the same at every try.</summary>
internal sealed record Envelope(Mailbox From, string To, string MessageId, DateTimeOffset Date);
