using System.Net;
using System.Net.Sockets;

namespace Accounts;

/// <summary>
/// What counts as one client address in limits: an IPv4 address, or an IPv6 /64, which is what one subscriber gets (RFC 6177 §2).
/// </summary>
internal static class ClientNetwork
{
    public static string Of(IPAddress ip)
    {
        if (ip.IsIPv4MappedToIPv6)
        {
            return ip.MapToIPv4().ToString();
        }

        if (ip.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return ip.ToString();
        }

        var bytes = ip.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return $"{new IPAddress(bytes)}/64";
    }
}
