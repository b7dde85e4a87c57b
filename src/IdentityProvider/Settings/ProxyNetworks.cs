using System.Net;

namespace IdentityProvider;

/// <summary>Setting <c>Proxy:Trusted</c>: addresses and networks whose <c>X-Forwarded-For</c> is believed.</summary>
public static class ProxyNetworks
{
    /// <summary>The networks, or null when the text is no list of them.</summary>
    public static IReadOnlyList<IPNetwork>? Parse(string text)
    {
        var networks = new List<IPNetwork>();
        foreach (var entry in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPAddress.TryParse(entry, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else if (IPNetwork.TryParse(entry, out var network))
            {
                networks.Add(network);
            }
            else
            {
                return null;
            }
        }
        return networks;
    }
}
