using System.Text.RegularExpressions;

namespace Sandbox;

/// <summary>What a person reads of a mail: decoded headers, and the first plain text and HTML parts that are no
/// attachments, or null. Malformed mail is read as far as it goes.</summary>
public sealed partial record MailContent(string From, string Subject, string? Text, string? Html)
{
    /// <summary>The six digits a one-time code mail is about: in the subject, else in the text; or null.</summary>
    public string? Code => SixDigits().Match(Subject) is { Success: true } inSubject
        ? inSubject.Value
        : SixDigits().Match(Text ?? "") is { Success: true } inText ? inText.Value : null;

    public static MailContent Read(ReadOnlyMemory<byte> message)
    {
        var root = MimePart.Parse(message);
        string? text = null, html = null;
        foreach (var part in root.Leaves().Where(part => !part.IsAttachment))
        {
            if (part.MediaType == "text/plain")
            {
                text ??= part.DecodeText();
            }
            else if (part.MediaType == "text/html")
            {
                html ??= part.DecodeText();
            }
        }

        return new MailContent(
            EncodedWord.Decode(root.Header("From") ?? ""), EncodedWord.Decode(root.Header("Subject") ?? ""), text, html);
    }

    [GeneratedRegex(@"(?<![0-9])[0-9]{6}(?![0-9])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SixDigits();
}
