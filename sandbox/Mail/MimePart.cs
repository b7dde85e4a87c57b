using System.Text;

namespace Sandbox;

/// <summary>A message or a part of one (RFC 2045, RFC 2046): header fields, and either a body or parts.</summary>
public sealed class MimePart
{
    private const int DeepestNesting = 8;
    private const int MostParts = 100;

    private readonly List<(string Name, string Value)> fields;
    private readonly ReadOnlyMemory<byte> body;
    private readonly HeaderParameters contentType;
    private readonly IReadOnlyList<MimePart> parts;

    private MimePart(ReadOnlyMemory<byte> octets, int depth)
    {
        (fields, body) = HeaderFields.Read(octets);
        contentType = HeaderParameters.Parse(Header("Content-Type") ?? "text/plain; charset=us-ascii"); // RFC 2045 §5.2
        parts = IsMultipart && depth < DeepestNesting && contentType["boundary"] is { Length: > 0 } boundary
            ? [.. Multipart.Split(body, boundary).Take(MostParts).Select(part => new MimePart(part, depth + 1))]
            : [];
    }

    /// <summary>In lower case, without parameters.</summary>
    public string MediaType => contentType.Value;

    private bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.Ordinal);

    public bool IsAttachment => Header("Content-Disposition")?.StartsWith("attachment", StringComparison.OrdinalIgnoreCase) == true;

    public static MimePart Parse(ReadOnlyMemory<byte> message) => new(message, 0);

    /// <summary>The first field of that name, unfolded, as sent; or null.</summary>
    public string? Header(string name)
    {
        foreach (var field in fields)
        {
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Value;
            }
        }

        return null;
    }

    /// <summary>The parts that hold something, in the order of the message.</summary>
    public IEnumerable<MimePart> Leaves() => parts.Count == 0 ? [this] : parts.SelectMany(part => part.Leaves());

    /// <summary>The body in characters, with LF as the end of a line.</summary>
    public string DecodeText() =>
        Charset.Named(contentType["charset"] ?? "us-ascii")
            .GetString(TransferEncoding.Decode(body.Span, Header("Content-Transfer-Encoding")?.Trim().ToLowerInvariant()))
            .ReplaceLineEndings("\n");
}

/// <summary>The character sets a mail may name.</summary>
public static class Charset
{
    static Charset() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>UTF-8 stands in for what nobody knows, and for US-ASCII, which it contains.</summary>
    public static Encoding Named(string name)
    {
        if (name.Equals("us-ascii", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8;
        }

        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
