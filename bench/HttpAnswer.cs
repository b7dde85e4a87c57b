using System.Buffers.Text;

namespace Bench;

/// <summary>One HTTP/1.1 answer as it lies in the receive buffer: as much as a client on a keep-alive connection has to know.</summary>
internal readonly ref struct HttpAnswer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
{
    public ReadOnlySpan<byte> Body { get; } = body;

    // "HTTP/1.1 200 OK"
    public int Status => Utf8Parser.TryParse(Head[9..12], out int status, out _) ? status : 0;

    private ReadOnlySpan<byte> Head { get; } = head;

    /// <summary>Reads the answer that <paramref name="received"/> begins with; false while some of it is still on its way.</summary>
    public static bool TryRead(ReadOnlySpan<byte> received, out HttpAnswer answer)
    {
        answer = default;
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        answer = new HttpAnswer(received[..(end + 2)], default);
        var rest = received[(end + 4)..];
        if (!Utf8Parser.TryParse(answer.Header("content-length"u8), out int length, out _))
        {
            // RFC 9112 §7.1: without a length the body is chunked and ends with an empty chunk; what comes after it is the next answer.
            var chunked = answer.Header("transfer-encoding"u8).Length > 0;
            answer = new HttpAnswer(answer.Head, chunked ? rest : default);
            return !chunked || rest.EndsWith("0\r\n\r\n"u8);
        }

        if (rest.Length < length)
        {
            return false;
        }

        answer = new HttpAnswer(answer.Head, rest[..length]);
        return true;
    }

    /// <summary>The value of a header, named in lower case; empty when there is none.</summary>
    public ReadOnlySpan<byte> Header(ReadOnlySpan<byte> name)
    {
        var rest = Head;
        for (var next = rest.IndexOf((byte)'\n') + 1; next > 0; next = rest.IndexOf((byte)'\n') + 1)
        {
            rest = rest[next..];
            if (rest.Length > name.Length && rest[name.Length] == (byte)':' && System.Text.Ascii.EqualsIgnoreCase(rest[..name.Length], name))
            {
                return rest[(name.Length + 1)..rest.IndexOf((byte)'\r')].Trim((byte)' ');
            }
        }

        return default;
    }

    /// <summary>The string member of a JSON body that needs no unescaping: every token and handle.</summary>
    public ReadOnlySpan<byte> Member(ReadOnlySpan<byte> quotedNameAndColon)
    {
        var start = Body.IndexOf(quotedNameAndColon);
        if (start < 0)
        {
            return default;
        }

        var value = Body[(start + quotedNameAndColon.Length)..];
        value = value[(value.IndexOf((byte)'"') + 1)..];
        return value[..value.IndexOf((byte)'"')];
    }
}
