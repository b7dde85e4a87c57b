using System.Text;

namespace Sandbox.Tests;

public sealed class MailContentTests
{
    [Fact]
    public void Reads_a_message_without_MIME() =>
        Read("From: a@example.com\r\nSubject: hello\r\n\r\nworld\r\n").ShouldBe(new MailContent("a@example.com", "hello", "world\n", null));

    [Fact]
    public void Unfolds_header_fields() =>
        Read("Subject: one\r\n two\r\n\tthree\r\n\r\n").Subject.ShouldBe("one two\tthree");

    [Theory]
    [InlineData("quoted-printable", "=E4=BD=A0=E5=A5=BD=\r\n, a=3Db =\r\nend=ZZ\r\n", "你好, a=b end=ZZ\n")]
    [InlineData("BASE64", "5L2g\r\n5aW9\r\n", "你好")]
    [InlineData("base64", "5L2g5aW", "你")]
    [InlineData("8bit", "你好\r\n", "你好\n")]
    [InlineData("x-unknown", "as it is\r\n", "as it is\n")]
    public void Decodes_the_body(string encoding, string body, string text) =>
        Read($"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}").Text.ShouldBe(text);

    [Fact]
    public void Decodes_another_character_set() =>
        Read("Content-Type: text/plain; charset=\"GB18030\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C4=E3=BA=C3").Text
            .ShouldBe("你好");

    [Fact]
    public void Finds_text_and_HTML_of_an_alternative_inside_a_mixed_message_and_leaves_attachments_out()
    {
        var content = Read("""
            Content-Type: multipart/mixed; boundary="outer; \"quoted\""

            preamble
            --outer; "quoted"
            Content-Type: text/plain
            Content-Disposition: attachment; filename=a.txt

            attached
            --outer; "quoted"
            Content-Type: multipart/alternative; boundary=inner

            --inner
            Content-Type: text/plain

            plain
            --inner  
            Content-Type: text/html

            <p>rich</p>
            --inner--
            epilogue
            --outer; "quoted"--
            """.ReplaceLineEndings("\r\n"));

        content.Text.ShouldBe("plain");
        content.Html.ShouldBe("<p>rich</p>");
    }

    [Fact]
    public void Reads_a_part_that_is_not_closed() =>
        Read("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nunfinished").Text.ShouldBe("unfinished");

    [Fact]
    public void Reads_on_past_nonsense()
    {
        Read("").ShouldBe(new MailContent("", "", "", null));
        Read("no colon here\r\nSubject: still\r\n\r\n").Subject.ShouldBe("still");
        Read("Content-Type: multipart/mixed\r\n\r\nno boundary").Text.ShouldBeNull();
        Read("Content-Type: ;;==;\r\n\r\nx").Text.ShouldBeNull();
    }

    [Fact]
    public void Stops_at_a_depth_nobody_needs()
    {
        var message = new StringBuilder();
        for (var i = 0; i < 500; i++)
        {
            message.Append($"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n");
        }

        Read(message.Append("\r\ndeep").ToString()).Text.ShouldBeNull();
    }

    [Theory]
    [InlineData("482913 is your code", "something else 111111", "482913")]
    [InlineData("Your code", "It is 019283.\n\n@example.com #019283\n", "019283")]
    [InlineData("验证码：482913，有效期五分钟", "", "482913")]
    [InlineData("Order 1234567", "no code: 12345, 1234567", null)]
    public void Finds_the_code(string subject, string text, string? code) => new MailContent("", subject, text, null).Code.ShouldBe(code);

    private static MailContent Read(string message) => MailContent.Read(Encoding.UTF8.GetBytes(message));
}
