using System.Text;

namespace Accounts.Tests;

public sealed class MimeMessageTests
{
    private static readonly DateTimeOffset Date = new(2030, 1, 1, 8, 5, 9, TimeSpan.Zero);

    [Fact]
    public void Plain_text_goes_as_it_is() =>
        Write().ShouldBe("""
            From: Identity <no-reply@example.com>
            To: alice@example.com
            Subject: Your code
            Date: Tue, 01 Jan 2030 08:05:09 +0000
            Message-ID: <1@example.com>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Language: en
            Content-Transfer-Encoding: 7bit

            123456

            .

            """.ReplaceLineEndings("\r\n"));

    [Fact]
    public void Other_text_goes_as_base64_in_short_lines()
    {
        var message = Write(text: string.Concat(Enumerable.Repeat("验证码 123456\n", 30)));
        message.ShouldContain("Content-Transfer-Encoding: base64\r\n\r\n");
        message.Split("\r\n").ShouldAllBe(line => line.Length <= 78);
        var body = message[(message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Encoding.UTF8.GetString(Convert.FromBase64String(body)).ShouldBe(string.Concat(Enumerable.Repeat("验证码 123456\r\n", 30)));
    }

    [Fact]
    public void A_long_line_is_encoded_too() => Write(text: new string('a', 2000)).Split("\r\n").ShouldAllBe(line => line.Length <= 78);

    [Fact]
    public void Other_subjects_go_as_encoded_words_of_whole_characters()
    {
        var subject = string.Concat(Enumerable.Repeat("验证码🔑", 12));
        var header = Write(subject: subject).Split("\r\nDate:")[0].Split("Subject: ")[1];
        var words = header.Split("\r\n ");
        words.ShouldAllBe(word => IsEncodedWord(word));
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        string.Concat(words.Select(word => strict.GetString(Convert.FromBase64String(word[10..^2])))).ShouldBe(subject);
    }

    [Theory]
    [InlineData("Code\r\nBcc: mallory@example.com")]
    [InlineData("Code\nBcc: mallory@example.com")]
    [InlineData("Code\r\n\r\nBody")]
    [InlineData("=?utf-8?B?Q29kZQ==?=\r\n =?utf-8?B?Q29kZQ==?=")]
    public void A_subject_cannot_begin_another_header(string subject)
    {
        var headers = Write(subject: subject).Split("\r\n\r\n")[0].Split("\r\n").Where(line => line[0] != ' ').ToList();
        headers.Count.ShouldBe(10);
        headers.Count(line => line.StartsWith("Subject: =?utf-8?B?", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void A_sender_name_cannot_begin_another_header() =>
        Write(from: new Mailbox("no-reply@example.com", "Identity\" <x@example.org>\r\nBcc: y")).Split("\r\nTo: ")[0]
            .ShouldMatch(@"^From: =\?utf-8\?B\?[A-Za-z0-9+/=]+\?=\r\n <no-reply@example\.com>$");

    [Fact]
    public void A_recipient_with_a_line_break_is_a_bug() =>
        Should.Throw<ArgumentException>(() => Write(to: "alice@example.com\r\nBcc: x@example.com"));

    private static bool IsEncodedWord(string word) => word.Length <= 75 && word[..10] == "=?utf-8?B?" && word[^2..] == "?=";

    private static string Write(
        Mailbox? from = null, string to = "alice@example.com", string subject = "Your code", string text = "123456\n\n.\n")
    {
        var envelope = new Envelope(from ?? new Mailbox("no-reply@example.com", "Identity"), to, "1@example.com", Date);
        return Encoding.UTF8.GetString(MimeMessage.Write(envelope, subject, text, "en"));
    }
}
