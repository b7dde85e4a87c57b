using System.Text;

namespace Sandbox.Tests;

public sealed class SmtpDataTests
{
    private const string Valid = "Subject: hello\r\n\r\nworld\r\n";

    [Fact]
    public async Task Returns_the_octets_as_they_were_sent() =>
        (await ReadAsync(Valid + ".\r\n")).ShouldBe((Valid, null));

    [Fact]
    public async Task Takes_one_dot_off_every_line_that_starts_with_one() =>
        (await ReadAsync("..\r\n..one\r\n...two\r\na.b\r\n.\r\n")).ShouldBe((".\r\n.one\r\n..two\r\na.b\r\n", null));

    [Fact]
    public async Task Takes_an_empty_message() => (await ReadAsync(".\r\n")).ShouldBe(("", null));

    [Fact]
    public async Task Refuses_a_line_over_998_octets_and_takes_one_of_998()
    {
        (await ReadAsync(new string('x', 998) + "\r\n.\r\n")).Refusal.ShouldBeNull();
        (await ReadAsync('.' + new string('.', 998) + "\r\n.\r\n")).Refusal.ShouldBeNull();
        (await ReadAsync(new string('x', 999) + "\r\n.\r\n")).Refusal!.ShouldContain("998");
        (await ReadAsync(new string('x', 30_000) + "\r\n.\r\n")).Refusal!.ShouldContain("998");
    }

    [Theory]
    [InlineData("a\nb\r\n")]
    [InlineData("a\rb\r\n")]
    [InlineData("a\n.\r\nMAIL FROM:<smuggled@example.com>\r\n")]
    [InlineData("a\r\n.\nMAIL FROM:<smuggled@example.com>\r\n")]
    [InlineData("a\r\n.\rMAIL FROM:<smuggled@example.com>\r\n")]
    public async Task Refuses_bare_line_ends_and_reads_on_to_the_true_end(string message)
    {
        using var stream = Stream(message + ".\r\nNEXT\r\n");
        await using var connection = new SmtpConnection(stream, TimeSpan.FromSeconds(5));
        (await SmtpData.ReadAsync(connection, 10_000, true, default))!.Refusal!.ToString().ShouldContain("Bare CR or LF");
        (await connection.ReadLineAsync(100, default))!.Value.Text.ShouldBe("NEXT");
    }

    [Fact]
    public async Task Refuses_a_message_over_the_limit()
    {
        (await ReadAsync("12345678\r\n.\r\n", maxBytes: 10)).Refusal.ShouldBeNull();
        (await ReadAsync("123456789\r\n.\r\n", maxBytes: 10)).Refusal!.ShouldStartWith("552 5.3.4");
    }

    [Fact]
    public async Task Refuses_octets_above_127_unless_8BITMIME_was_offered()
    {
        (await ReadAsync("你好\r\n.\r\n", eightBit: true)).ShouldBe(("你好\r\n", null));
        (await ReadAsync("你好\r\n.\r\n", eightBit: false)).Refusal!.ShouldContain("8BITMIME");
    }

    [Fact]
    public async Task Returns_nothing_when_the_stream_ends_before_the_final_dot()
    {
        await using var connection = new SmtpConnection(Stream(Valid), TimeSpan.FromSeconds(5));
        (await SmtpData.ReadAsync(connection, 10_000, true, default)).ShouldBeNull();
    }

    private static async Task<(string Message, string? Refusal)> ReadAsync(string sent, int maxBytes = 100_000, bool eightBit = false)
    {
        await using var connection = new SmtpConnection(Stream(sent), TimeSpan.FromSeconds(5));
        var data = await SmtpData.ReadAsync(connection, maxBytes, eightBit, default);
        return (Encoding.UTF8.GetString(data!.Bytes), data.Refusal?.ToString());
    }

    private static MemoryStream Stream(string sent) => new(Encoding.UTF8.GetBytes(sent));
}
