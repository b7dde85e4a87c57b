using System.Buffers;
using System.Net.Security;
using System.Text;

namespace Sandbox;

/// <summary>One line as it arrived, without its end.</summary>
/// <param name="Bytes">At most as many as were allowed.</param>
/// <param name="EndsWithCrLf">False for a line that ends with a bare LF, which SMTP does not know (RFC 5321 §2.3.8).</param>
/// <param name="TooLong">The line was longer than allowed; what exceeds is dropped.</param>
public readonly record struct SmtpLine(byte[] Bytes, bool EndsWithCrLf, bool TooLong)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
}

/// <summary>Lines and replies over one stream that may turn to TLS midway.</summary>
public sealed class SmtpConnection(Stream plain, TimeSpan idleTimeout) : IAsyncDisposable
{
    private readonly byte[] buffer = new byte[8192];
    private Stream stream = plain;
    private int start, end;

    public bool IsSecure => stream is SslStream;

    /// <summary>The client sent more than the lines read so far.</summary>
    public bool HasMoreInput => start < end;

    /// <summary>Takes up TLS as the server (RFC 3207 §4, RFC 8314 §3.3).</summary>
    public async Task SecureAsync(SslServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        stream = secure;
        await WithinIdleTimeAsync(async token => { await secure.AuthenticateAsServerAsync(options, token); return 0; }, cancellationToken);
    }

    /// <returns>The next line, or null at the end of the stream.</returns>
    /// <exception cref="TimeoutException">Nothing came for the idle time.</exception>
    public async Task<SmtpLine?> ReadLineAsync(int maxBytes, CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>(128);
        var tooLong = false;
        byte last = 0;
        while (true)
        {
            if (start == end)
            {
                start = 0;
                end = await WithinIdleTimeAsync(async token => await stream.ReadAsync(buffer, token), cancellationToken);
                if (end == 0)
                {
                    return null;
                }
            }

            var available = buffer.AsSpan(start, end - start);
            var lineFeed = available.IndexOf((byte)'\n');
            var piece = lineFeed < 0 ? available : available[..(lineFeed + 1)];
            start += piece.Length;

            // Two bytes of grace for the line's own end.
            var room = Math.Min(piece.Length, maxBytes + 2 - line.WrittenCount);
            tooLong |= room < piece.Length;
            line.Write(piece[..room]);
            if (lineFeed >= 0)
            {
                return Finish(line.WrittenSpan, (piece.Length > 1 ? piece[^2] : last) == '\r', maxBytes, tooLong);
            }

            last = piece[^1];
        }
    }

    public Task WriteAsync(SmtpReply reply, CancellationToken cancellationToken) => WithinIdleTimeAsync(
        async token =>
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.ToString()), token);
            await stream.FlushAsync(token);
            return 0;
        },
        cancellationToken);

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private static SmtpLine Finish(ReadOnlySpan<byte> line, bool crLf, int maxBytes, bool tooLong)
    {
        if (!tooLong)
        {
            line = line[..^(crLf ? 2 : 1)];
        }

        return line.Length > maxBytes
            ? new SmtpLine(line[..maxBytes].ToArray(), crLf, TooLong: true)
            : new SmtpLine(line.ToArray(), crLf, tooLong);
    }

    private async Task<T> WithinIdleTimeAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        idle.CancelAfter(idleTimeout);
        try
        {
            return await step(idle.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }
}
