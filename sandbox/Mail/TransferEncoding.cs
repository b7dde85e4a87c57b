using System.Buffers;
using System.Buffers.Text;
using System.Globalization;

namespace Sandbox;

/// <summary>
/// The Content-Transfer-Encodings of RFC 2045 §6, named in lower case. Malformed input is decoded as far as it goes; null and unknown
/// names leave the octets as they are.
/// </summary>
public static class TransferEncoding
{
    public static byte[] Decode(ReadOnlySpan<byte> encoded, string? name) => name switch
    {
        "base64" => DecodeBase64(encoded),
        "quoted-printable" => DecodeQuotedPrintable(encoded),
        _ => encoded.ToArray(),
    };

    private static byte[] DecodeBase64(ReadOnlySpan<byte> encoded)
    {
        // RFC 2045 §6.8: characters outside the alphabet are ignored.
        var kept = new byte[encoded.Length + 3];
        var length = 0;
        foreach (var octet in encoded)
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'+' or (byte)'/')
            {
                kept[length++] = octet;
            }
        }

        while (length % 4 != 0)
        {
            kept[length++] = (byte)'=';
        }

        var decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        Base64.DecodeFromUtf8(kept.AsSpan(0, length), decoded, out _, out var written);
        return decoded[..written];
    }

    /// <summary>RFC 2045 §6.7; an equals sign that is no escape stands for itself.</summary>
    public static byte[] DecodeQuotedPrintable(ReadOnlySpan<byte> encoded)
    {
        var decoded = new ArrayBufferWriter<byte>(encoded.Length + 1);
        for (var i = 0; i < encoded.Length; i++)
        {
            var rest = encoded[(i + 1)..];
            if (encoded[i] != '=')
            {
                decoded.Write(encoded.Slice(i, 1));
            }
            else if (rest.StartsWith("\r\n"u8))
            {
                i += 2; // soft line break
            }
            else if (rest.StartsWith("\n"u8))
            {
                i++;
            }
            else if (rest.Length >= 2
                && byte.TryParse(rest[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                decoded.Write([octet]);
                i += 2;
            }
            else
            {
                decoded.Write("="u8);
            }
        }

        return decoded.WrittenSpan.ToArray();
    }
}
