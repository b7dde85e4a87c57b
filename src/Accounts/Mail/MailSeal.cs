using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Accounts;

/// <summary>A mail as it lies in the queue.</summary>
sealed record SealedMail(string MessageId, byte[] Payload);

/// <summary>
/// AES-256-GCM over recipient and message: nonce, tag, ciphertext. Table, key version and Message-ID are authenticated with it, so that a payload
/// moved to another row opens nowhere.
/// </summary>
sealed class MailSeal(AccountsKeys keys)
{
    const int NonceBytes = 12, TagBytes = 16, LengthBytes = 2;

    public SealedMail Seal(OutgoingMail mail)
    {
        var recipient = Encoding.UTF8.GetBytes(mail.Recipient);
        var plain = new byte[LengthBytes + recipient.Length + mail.Message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(plain, (ushort)recipient.Length);
        recipient.CopyTo(plain, LengthBytes);
        mail.Message.CopyTo(plain, LengthBytes + recipient.Length);

        var payload = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(payload.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(keys.MailKey, TagBytes);
        aes.Encrypt(payload.AsSpan(0, NonceBytes), plain, payload.AsSpan(NonceBytes + TagBytes), payload.AsSpan(NonceBytes, TagBytes), Context(mail.MessageId));
        return new SealedMail(mail.MessageId, payload);
    }

    /// <summary>Null when the payload was not sealed here for this Message-ID.</summary>
    public OutgoingMail? Open(SealedMail mail)
    {
        if (mail.Payload.Length < NonceBytes + TagBytes + LengthBytes)
            return null;
        var plain = new byte[mail.Payload.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(keys.MailKey, TagBytes);
        try
        {
            aes.Decrypt(mail.Payload.AsSpan(0, NonceBytes), mail.Payload.AsSpan(NonceBytes + TagBytes), mail.Payload.AsSpan(NonceBytes, TagBytes),
                plain, Context(mail.MessageId));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        var recipientEnd = LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(plain);
        return new OutgoingMail(mail.MessageId, Encoding.UTF8.GetString(plain[LengthBytes..recipientEnd]), plain[recipientEnd..]);
    }

    byte[] Context(string messageId) => Encoding.UTF8.GetBytes($"mail_queue {keys.Version} {messageId}");
}
