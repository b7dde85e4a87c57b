using System.Net;
using System.Net.Sockets;

namespace IdentityProvider;

/// <summary>The host leads inside only, or nowhere.</summary>
internal sealed class NoPublicAddressException() : HttpRequestException("The host has no public address.");

/// <summary>
/// Opens connections to public addresses only. The address that was judged is the one connected to, so an answer of DNS that changes in between
/// (rebinding) leads nowhere.
/// </summary>
/// <param name="resolve">How a name becomes addresses.</param>
internal sealed class GuardedConnection(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public static GuardedConnection ByDns { get; } = new(Dns.GetHostAddressesAsync);

    /// <exception cref="NoPublicAddressException">No address of the host is public.</exception>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var addresses = await FindAsync(context.DnsEndPoint.Host, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    internal async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancellation);
        var reachable = Array.FindAll(addresses, PublicAddress.Is);
        return reachable.Length > 0 ? reachable : throw new NoPublicAddressException();
    }
}
