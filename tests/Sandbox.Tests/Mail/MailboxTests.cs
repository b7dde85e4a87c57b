using System.Text;

namespace Sandbox.Tests;

public sealed class MailboxTests
{
    private readonly Mailbox mailbox = new(TimeProvider.System);

    [Fact]
    public void Shows_the_newest_first()
    {
        Deliver("one");
        Deliver("two");
        mailbox.Messages(null).Select(mail => mail.Content.Subject).ShouldBe(["two", "one"]);
    }

    [Fact]
    public void Finds_mail_by_the_address_it_was_delivered_to()
    {
        Deliver("one", "alice@example.com", "bob@example.com");
        Deliver("two", "carol@example.com");
        mailbox.Messages("BOB@example.com").ShouldHaveSingleItem().Content.Subject.ShouldBe("one");
        mailbox.Messages("bob").ShouldBeEmpty();
    }

    [Fact]
    public void Finds_mail_by_its_id()
    {
        var one = Deliver("one");
        Deliver("two");
        mailbox.Find(one.Id).ShouldBe(one);
        mailbox.Find("none").ShouldBeNull();
    }

    [Fact]
    public void Keeps_a_bounded_number_of_mails()
    {
        for (var i = 0; i < Mailbox.MaxMessages + 5; i++)
        {
            Deliver($"{i}");
        }

        mailbox.Messages(null).Count.ShouldBe(Mailbox.MaxMessages);
        mailbox.Messages(null)[^1].Content.Subject.ShouldBe("5");
    }

    [Fact]
    public void Keeps_a_bounded_number_of_octets()
    {
        var big = new byte[Mailbox.MaxBytes / 3];
        for (var i = 0; i < 4; i++)
        {
            mailbox.Deliver("", [], big);
        }

        mailbox.Messages(null).Count.ShouldBe(3);
    }

    [Fact]
    public void Names_the_envelope_sender_when_the_header_names_none() => Deliver("one").From.ShouldBe("sender@example.com");

    private ReceivedMail Deliver(string subject, params string[] to) =>
        mailbox.Deliver("sender@example.com", to, Encoding.UTF8.GetBytes($"Subject: {subject}\r\n\r\n"));
}
