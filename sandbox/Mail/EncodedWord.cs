using System.Text;
using System.Text.RegularExpressions;

namespace Sandbox;

/// <summary>Header text outside ASCII: <c>=?utf-8?B?…?=</c> (RFC 2047).</summary>
public static partial class EncodedWord
{
    /// <summary>The field's text with every encoded word decoded.</summary>
    public static string Decode(string field)
    {
        var text = new StringBuilder();
        var pending = new List<byte>();
        string? charset = null;
        var position = 0;
        foreach (Match word in Words().Matches(field))
        {
            // §6.2: white space between two encoded words is not part of the text. Many senders cut a character in two
            // at that place, so octets are gathered while the character set stays the same.
            var between = field[position..word.Index];
            var adjacent = charset is not null && string.IsNullOrWhiteSpace(between);
            if (!adjacent || !string.Equals(charset, word.Groups["charset"].Value, StringComparison.OrdinalIgnoreCase))
            {
                Flush();
            }

            if (!adjacent)
            {
                text.Append(between);
            }

            charset = word.Groups["charset"].Value;
            pending.AddRange(DecodeWord(word));
            position = word.Index + word.Length;
        }

        Flush();
        return text.Append(field.AsSpan(position)).ToString();

        void Flush()
        {
            if (charset is not null)
            {
                text.Append(Charset.Named(charset).GetString([.. pending]));
            }

            pending.Clear();
        }
    }

    private static byte[] DecodeWord(Match word)
    {
        var encoded = Encoding.ASCII.GetBytes(word.Groups["text"].Value);
        if (word.Groups["encoding"].Value is "B" or "b")
        {
            return TransferEncoding.Decode(encoded, "base64");
        }

        // §4.2: as quoted-printable, with the underscore for a space.
        encoded.AsSpan().Replace((byte)'_', (byte)' ');
        return TransferEncoding.DecodeQuotedPrintable(encoded);
    }

    // §2, with the language suffix of RFC 2231 §5
    [GeneratedRegex(
        @"=\?(?<charset>[^?*\s]+)(?:\*[^?\s]*)?\?(?<encoding>[BbQq])\?(?<text>[^?\s]*)\?=",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();
}
