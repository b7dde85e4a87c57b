using System.Text;

namespace Accounts.Tests;

public sealed class DotStuffingTests
{
    [Theory]
    [InlineData("a\r\n", "a\r\n")]
    [InlineData(".\r\n", "..\r\n")]
    [InlineData("a\r\n.b\r\n..\r\nc.\r\n", "a\r\n..b\r\n...\r\nc.\r\n")]
    public void A_line_that_begins_with_a_dot_gets_another(string message, string stuffed) =>
        Encoding.ASCII.GetString(DotStuffing.Stuff(Encoding.ASCII.GetBytes(message))).ShouldBe(stuffed);
}
