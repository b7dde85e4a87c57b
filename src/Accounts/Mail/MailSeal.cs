using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Accounts;

/// <summary>A mail as it lies in the queue.</summary>
internal sealed record SealedMail(string MessageId, byte[] Payload, int KeyVersion);

/// <summary>
/// AES-256-GCM over recipient and message: nonce, tag, ciphertext. Table, key version and Message-ID are authenticated with it, so that a
/// payload moved to another row opens nowhere.
/// </summary>
internal sealed class MailSeal(AccountsKeys keys)
{
    private const int NonceBytes = 12, TagBytes = 16, LengthBytes = 2;

    public SealedMail Seal(OutgoingMail mail)
    {
        var recipient = Encoding.UTF8.GetBytes(mail.Recipient);
        var plain = new byte[LengthBytes + recipient.Length + mail.Message.Length];
        BinaryPrimitives.WriteUInt16BigEndian(plain, (ushort)recipient.Length);
        recipient.CopyTo(plain, LengthBytes);
        mail.Message.CopyTo(plain, LengthBytes + recipient.Length);

        var payload = new byte[NonceBytes + TagBytes + plain.Length];
        var (nonce, tag, cipher) = Parts(payload);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(keys.MailKey, TagBytes);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span, Context(mail.MessageId, keys.Version));
        return new SealedMail(mail.MessageId, payload, keys.Version);
    }

    /// <summary>Null when the payload was not sealed here for this Message-ID.</summary>
    public OutgoingMail? Open(SealedMail mail)
    {
        if (mail.Payload.Length < NonceBytes + TagBytes + LengthBytes || keys.Readable.FirstOrDefault(given => given.Version == mail.KeyVersion) is not { } key)
        {
            return null;
        }

        var (nonce, tag, cipher) = Parts(mail.Payload);
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(key.MailKey, TagBytes);
        try
        {
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain, Context(mail.MessageId, key.Version));
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
        var recipientEnd = LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(plain);
        return new OutgoingMail(mail.MessageId, Encoding.UTF8.GetString(plain[LengthBytes..recipientEnd]), plain[recipientEnd..]);
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(byte[] payload) =>
        (payload.AsMemory(0, NonceBytes), payload.AsMemory(NonceBytes, TagBytes), payload.AsMemory(NonceBytes + TagBytes));

    private static byte[] Context(string messageId, int version) => Encoding.UTF8.GetBytes($"mail_queue {version} {messageId}");
}
