using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Attacks;

/// <summary>Writes a request byte by byte as no well-behaved client would, on a connection of its own, and reads what comes back.</summary>
public static class Wire
{
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    public static async Task<Reply> SendAsync(int port, ReadOnlyMemory<byte> request, bool isUnfinished)
    {
        using var client = new TcpClient { NoDelay = true };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await client.ConnectAsync("localhost", port, patience.Token);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, patience.Token);
            if (isUnfinished)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // The server may answer and hang up before it has read everything.
        }

        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException)
        {
            // It reset the connection after its answer.
        }

        return Parse(answer.ToArray());
    }

    private static Reply Parse(byte[] answer)
    {
        var end = answer.AsSpan().IndexOf(EndOfHead);
        if (end < 0)
        {
            return new Reply(0, [], "");
        }

        var lines = Encoding.Latin1.GetString(answer, 0, end).Split("\r\n");
        var headers = lines[1..].Select(line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())).ToArray();
        var body = answer.AsSpan(end + EndOfHead.Length);
        var isChunked = headers.Any(header => header is ("Transfer-Encoding", "chunked"));
        return new Reply(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, isChunked ? Unchunk(body) : Encoding.UTF8.GetString(body));
    }

    // RFC 9112 §7.1.
    private static string Unchunk(ReadOnlySpan<byte> body)
    {
        using var whole = new MemoryStream();
        while (body.IndexOf("\r\n"u8) is var line and > 0)
        {
            var size = int.Parse(Encoding.ASCII.GetString(body[..line]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            whole.Write(body.Slice(line + 2, size));
            body = body[(line + 2 + size + 2)..];
        }

        return Encoding.UTF8.GetString(whole.ToArray());
    }
}
