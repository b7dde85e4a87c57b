using System.Net;

namespace Accounts.Tests;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    [InlineData("fe80::1%1", "fe80::/64")]
    public void Is_the_address_or_the_64(string ip, string network) => ClientNetwork.Of(IPAddress.Parse(ip)).ShouldBe(network);
}
