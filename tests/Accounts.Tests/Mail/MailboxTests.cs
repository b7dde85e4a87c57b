namespace Accounts.Tests;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("no-reply@example.com", "no-reply@example.com", null)]
    [InlineData(" Identity <No-Reply@Example.com> ", "No-Reply@Example.com", "Identity")]
    [InlineData("\"Identity, Inc.\" <no-reply@example.com>", "no-reply@example.com", "Identity, Inc.")]
    [InlineData("身份 <no-reply@example.com>", "no-reply@example.com", "身份")]
    [InlineData("<no-reply@example.com>", "no-reply@example.com", null)]
    public void Reads_address_and_name(string text, string address, string? name) =>
        Mailbox.Parse(text).ShouldBe(new Mailbox(address, name));

    [Theory]
    [InlineData("")]
    [InlineData("Identity")]
    [InlineData("Identity <>")]
    [InlineData("Identity <no-reply>")]
    [InlineData("Identity <a@example.com")]
    [InlineData("a@example.com b@example.com")]
    [InlineData("a@example.com>\r\nRCPT TO:<b@example.com")]
    public void Refuses_what_is_no_mailbox(string text) => Mailbox.Parse(text).ShouldBeNull();

    [Fact]
    public void Knows_its_domain() => Mailbox.Parse("no-reply@mail.example.com")!.Domain.ShouldBe("mail.example.com");
}
