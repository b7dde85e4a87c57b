namespace Accounts.Tests;

public sealed class SmtpCapabilitiesTests
{
    private static SmtpCapabilities Offered(params string[] lines) => new(new SmtpReply(250, null, ["mail.example.com", .. lines]));

    [Fact]
    public void Reads_keywords_in_any_case() => Offered("starttls", "Size 1000").Has("STARTTLS").ShouldBeTrue();

    [Fact]
    public void The_servers_name_is_no_keyword() =>
        new SmtpCapabilities(new SmtpReply(250, null, ["STARTTLS"])).Has("STARTTLS").ShouldBeFalse();

    [Theory]
    [InlineData("AUTH PLAIN LOGIN")]
    [InlineData("auth login plain")]
    [InlineData("AUTH=PLAIN LOGIN")]
    public void Reads_mechanisms_as_old_and_new_servers_write_them(string line)
    {
        var offered = Offered(line);
        offered.HasMechanism("PLAIN").ShouldBeTrue();
        offered.HasMechanism("LOGIN").ShouldBeTrue();
        offered.HasMechanism("CRAM-MD5").ShouldBeFalse();
    }

    [Fact]
    public void Joins_what_stands_on_two_lines()
    {
        var offered = Offered("AUTH LOGIN", "AUTH=PLAIN");
        offered.HasMechanism("PLAIN").ShouldBeTrue();
        offered.HasMechanism("LOGIN").ShouldBeTrue();
    }
}
