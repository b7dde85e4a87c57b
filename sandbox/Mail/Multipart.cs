using System.Text;

namespace Sandbox;

/// <summary>The parts between boundary lines (RFC 2046 §5.1.1). A last part that is not closed counts.</summary>
public static class Multipart
{
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body, string boundary)
    {
        var delimiter = Encoding.UTF8.GetBytes("--" + boundary);
        int? partStart = null;
        var position = 0;
        while (position < body.Length)
        {
            var lineFeed = body.Span[position..].IndexOf((byte)'\n');
            var next = lineFeed < 0 ? body.Length : position + lineFeed + 1;
            var line = body.Span[position..next].TrimEnd(" \t\r\n"u8);
            var closes = line.Length == delimiter.Length + 2 && line.StartsWith(delimiter) && line.EndsWith("--"u8);
            if (closes || line.SequenceEqual(delimiter))
            {
                if (partStart is { } start)
                {
                    yield return WithoutLastLineEnd(body[start..position]);
                }

                partStart = closes ? null : next;
                if (closes)
                {
                    yield break;
                }
            }

            position = next;
        }

        if (partStart is { } open)
        {
            yield return body[open..];
        }
    }

    // The line end before a boundary belongs to the boundary.
    private static ReadOnlyMemory<byte> WithoutLastLineEnd(ReadOnlyMemory<byte> part) =>
        part.Span.EndsWith("\r\n"u8) ? part[..^2] : part.Span.EndsWith("\n"u8) ? part[..^1] : part;
}
