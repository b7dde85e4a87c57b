namespace Accounts;

/// <summary>RFC 5321 §4.5.2: a line that begins with a dot gets another, so that only ours ends the message.</summary>
internal static class DotStuffing
{
    /// <summary>The message without its last line, which <see cref="LastLine"/> is.</summary>
    /// <param name="message">Ends with CRLF and holds no other line ends.</param>
    public static byte[] Stuff(ReadOnlySpan<byte> message)
    {
        var stuffed = new List<byte>(message.Length + 16);
        var atLineStart = true;
        foreach (var octet in message)
        {
            if (atLineStart && octet == (byte)'.')
            {
                stuffed.Add((byte)'.');
            }

            stuffed.Add(octet);
            atLineStart = octet == (byte)'\n';
        }
        return [.. stuffed];
    }

    public static ReadOnlyMemory<byte> LastLine { get; } = ".\r\n"u8.ToArray();
}
