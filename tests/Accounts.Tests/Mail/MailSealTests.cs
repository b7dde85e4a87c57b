using System.Security.Cryptography;
using System.Text;

namespace Accounts.Tests;

public sealed class MailSealTests
{
    private static readonly OutgoingMail Mail = new("1@example.com", "用户@example.com", "Subject: 123456\r\n\r\n123456\r\n"u8.ToArray());

    private readonly MailSeal _seal = new(Rooms.Keys);

    [Fact]
    public void Opens_what_it_sealed()
    {
        var opened = _seal.Open(_seal.Seal(Mail)).ShouldNotBeNull();
        opened.MessageId.ShouldBe(Mail.MessageId);
        opened.Recipient.ShouldBe(Mail.Recipient);
        opened.Message.ShouldBe(Mail.Message);
    }

    [Fact]
    public void Shows_neither_code_nor_recipient() => Encoding.UTF8.GetString(_seal.Seal(Mail).Payload).ShouldNotContain("123456");

    [Fact]
    public void Seals_the_same_mail_differently_each_time() => _seal.Seal(Mail).Payload.ShouldNotBe(_seal.Seal(Mail).Payload);

    [Fact]
    public void Opens_nothing_under_another_Message_ID() =>
        _seal.Open(_seal.Seal(Mail) with { MessageId = "2@example.com" }).ShouldBeNull();

    [Fact]
    public void Opens_nothing_under_another_key_or_version()
    {
        var payload = _seal.Seal(Mail);
        new MailSeal(Rooms.Keys with { MailKey = RandomNumberGenerator.GetBytes(32) }).Open(payload).ShouldBeNull();
        new MailSeal(Rooms.Keys with { Version = 2 }).Open(payload).ShouldBeNull();
    }

    [Fact]
    public void Opens_nothing_that_was_changed()
    {
        var sealedMail = _seal.Seal(Mail);
        for (var i = 0; i < sealedMail.Payload.Length; i++)
        {
            var changed = sealedMail.Payload.ToArray();
            changed[i] ^= 1;
            _seal.Open(sealedMail with { Payload = changed }).ShouldBeNull();
        }
        _seal.Open(sealedMail with { Payload = sealedMail.Payload[..20] }).ShouldBeNull();
    }
}
