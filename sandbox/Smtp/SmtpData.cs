using System.Buffers;

namespace Sandbox;

/// <summary>
/// What came after DATA, dots unstuffed (RFC 5321 §4.5.2). The sink is stricter than most servers, so that what passes here passes
/// anywhere: every line ends with CR LF and holds at most 998 octets, and octets above 127 need 8BITMIME.
/// </summary>
/// <param name="Bytes">The message as sent; incomplete when refused.</param>
/// <param name="Refusal">Why the message cannot be accepted, or null.</param>
public sealed record SmtpData(byte[] Bytes, SmtpReply? Refusal)
{
    private const int LongestLine = 998; // RFC 5321 §4.5.3.1.6, without CR LF

    private static readonly SmtpReply BareCrOrLf = new(554, "5.6.0 Bare CR or LF in the message (RFC 5321 section 2.3.8)");
    private static readonly SmtpReply LineOver998 = new(554, "5.6.0 A line exceeds 998 octets (RFC 5321 section 4.5.3.1.6)");
    private static readonly SmtpReply EightBit = new(554, "5.6.1 Octets above 127, and 8BITMIME was not offered (RFC 6152)");

    /// <summary>Reads to the final dot, also when the message is refused: the client stops only there.</summary>
    /// <returns>The message, or null when the stream ended before the final dot.</returns>
    public static async Task<SmtpData?> ReadAsync(
        SmtpConnection connection, int maxBytes, bool eightBit, CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4096);
        SmtpReply? refusal = null;
        var afterCrLf = true;
        while (await connection.ReadLineAsync(LongestLine + 1, cancellationToken) is { } line)
        {
            // Only CR LF . CR LF ends the message: anything laxer lets a message smuggle in another one.
            if (afterCrLf && line is { EndsWithCrLf: true, Bytes: [(byte)'.'] })
            {
                return new SmtpData(message.WrittenSpan.ToArray(), refusal);
            }

            var stuffed = afterCrLf && line.Bytes is [(byte)'.', ..];
            var content = line.Bytes.AsMemory(stuffed ? 1 : 0);
            refusal ??= Judge(line, content.Span, eightBit);
            if (message.WrittenCount + content.Length + 2 > maxBytes)
            {
                refusal ??= SmtpReply.TooBig;
            }

            if (refusal is null)
            {
                message.Write(content.Span);
                message.Write("\r\n"u8);
            }

            afterCrLf = line.EndsWithCrLf;
        }

        return null;
    }

    private static SmtpReply? Judge(SmtpLine line, ReadOnlySpan<byte> content, bool eightBit)
    {
        if (line.TooLong || content.Length > LongestLine)
        {
            return LineOver998;
        }

        if (!line.EndsWithCrLf || content.Contains((byte)'\r'))
        {
            return BareCrOrLf;
        }

        return !eightBit && content.ContainsAnyExceptInRange((byte)0, (byte)127) ? EightBit : null;
    }
}
