using System.Globalization;
using System.Text;

namespace Accounts;

/// <summary>
/// Writes one text/plain message (RFC 5322, RFC 2045). Values come in as plain text; nothing in them can begin a header line.
/// </summary>
internal static class MimeMessage
{
    // RFC 2047 §2: an encoded word is at most 75 characters, "=?utf-8?B?" and "?=" included; base64 makes 4 of 3.
    private const int EncodedWordBytes = 45;

    public static byte[] Write(Envelope envelope, string subject, string text, string language)
    {
        var message = new StringBuilder();
        Header(message, "From", Sender(envelope.From));
        Header(message, "To", envelope.To);
        Header(message, "Subject", Unstructured(subject));
        // RFC 5322 §3.3
        Header(message, "Date", envelope.Date.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Header(message, "Message-ID", $"<{envelope.MessageId}>");
        // RFC 3834 §5: no holiday answers to this.
        Header(message, "Auto-Submitted", "auto-generated");
        Header(message, "MIME-Version", "1.0");
        Header(message, "Content-Type", "text/plain; charset=utf-8");
        Header(message, "Content-Language", language);
        Body(message, text.ReplaceLineEndings("\r\n"));
        return Encoding.UTF8.GetBytes(message.ToString());
    }

    // The words of a value are joined by folds (RFC 5322 §2.2.3), the only line breaks a header may hold.
    private static void Header(StringBuilder message, string name, params IReadOnlyList<string> words)
    {
        if (words.Any(word => word.Any(char.IsControl)))
        {
            throw new ArgumentException($"The {name} header holds a line break.", nameof(words));
        }

        message.Append(name).Append(": ").AppendJoin("\r\n ", words).Append("\r\n");
    }

    private static void Body(StringBuilder message, string text)
    {
        var body = text.EndsWith("\r\n", StringComparison.Ordinal) ? text : text + "\r\n";
        if (body.Split("\r\n").All(line => line.Length <= 78 && IsPlain(line)))
        {
            Header(message, "Content-Transfer-Encoding", "7bit");
            message.Append("\r\n").Append(body);
            return;
        }
        Header(message, "Content-Transfer-Encoding", "base64");
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(body), Base64FormattingOptions.InsertLineBreaks);
        message.Append("\r\n").Append(encoded).Append("\r\n");
    }

    private static List<string> Unstructured(string text) =>
        IsPlain(text) && !text.Contains("=?", StringComparison.Ordinal) ? [text] : EncodedWords(text);

    private static List<string> Sender(Mailbox from)
    {
        if (from.Name is not { } name)
        {
            return [from.Address];
        }
        // RFC 5322 §3.2.5: atoms as they are, anything else as encoded words, which need no quoting rules.
        var atoms = name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_');
        return atoms ? [$"{name} <{from.Address}>"] : [.. EncodedWords(name), $"<{from.Address}>"];
    }

    private static bool IsPlain(string line) => line.All(c => c is >= ' ' and <= '~');

    private static List<string> EncodedWords(string text)
    {
        var words = new List<string>();
        var word = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            // RFC 2047 §5: a word holds whole characters.
            if (word.Count + rune.Utf8SequenceLength > EncodedWordBytes)
            {
                Flush();
            }

            word.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
        }
        Flush();
        return words;

        void Flush()
        {
            if (word.Count > 0)
            {
                words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            }

            word.Clear();
        }
    }
}
