using System.Globalization;
using System.Text;

namespace Accounts;

/// <summary>Writes one text/plain message (RFC 5322, RFC 2045). Values come in as plain text; nothing in them can begin a header line.</summary>
static class MimeMessage
{
    // RFC 2047 §2: an encoded word is at most 75 characters, "=?utf-8?B?" and "?=" included; base64 makes 4 of 3.
    const int EncodedWordBytes = 45;

    public static byte[] Write(Mailbox from, string to, string subject, string text, string language, string messageId, DateTimeOffset date)
    {
        var message = new StringBuilder();
        Header(message, "From", from.Name is null ? from.Address : $"{Phrase(from.Name)} <{from.Address}>");
        Header(message, "To", to);
        Header(message, "Subject", Unstructured(subject));
        // RFC 5322 §3.3
        Header(message, "Date", date.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture));
        Header(message, "Message-ID", $"<{messageId}>");
        // RFC 3834 §5: no holiday answers to this.
        Header(message, "Auto-Submitted", "auto-generated");
        Header(message, "MIME-Version", "1.0");
        Header(message, "Content-Type", "text/plain; charset=utf-8");
        Header(message, "Content-Language", language);
        Body(message, text.ReplaceLineEndings("\r\n"));
        return Encoding.UTF8.GetBytes(message.ToString());
    }

    static void Header(StringBuilder message, string name, string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n', '\0') && !IsFolded(value))
            throw new ArgumentException($"The {name} header holds a line break.", nameof(value));
        message.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    // The only line break a value may hold is the fold between two encoded words (RFC 2047 §2).
    static bool IsFolded(string value) => !value.Replace("?=\r\n =?", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n', '\0');

    static void Body(StringBuilder message, string text)
    {
        var body = text.EndsWith("\r\n", StringComparison.Ordinal) ? text : text + "\r\n";
        if (IsPlain(body) && body.Split("\r\n").All(line => line.Length <= 78))
        {
            Header(message, "Content-Transfer-Encoding", "7bit");
            message.Append("\r\n").Append(body);
            return;
        }
        Header(message, "Content-Transfer-Encoding", "base64");
        message.Append("\r\n").Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(body), Base64FormattingOptions.InsertLineBreaks)).Append("\r\n");
    }

    static string Unstructured(string text) => IsPlain(text) && !text.Contains("=?", StringComparison.Ordinal) ? text : EncodedWords(text);

    // RFC 5322 §3.2.5: atoms as they are, anything else as encoded words, which need no quoting rules.
    static string Phrase(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_') ? name : EncodedWords(name);

    static bool IsPlain(string text) => text.All(c => c is >= ' ' and <= '~' or '\r' or '\n');

    static string EncodedWords(string text)
    {
        var words = new List<string>();
        var word = new List<byte>();
        foreach (var rune in text.EnumerateRunes())
        {
            // RFC 2047 §5: a word holds whole characters.
            if (word.Count + rune.Utf8SequenceLength > EncodedWordBytes)
                Flush();
            word.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
        }
        Flush();
        return string.Join("\r\n ", words);

        void Flush()
        {
            if (word.Count > 0)
                words.Add($"=?utf-8?B?{Convert.ToBase64String([.. word])}?=");
            word.Clear();
        }
    }
}
