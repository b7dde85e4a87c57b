using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace Accounts.Tests;

public sealed class CodeMailTests
{
    private static readonly CodeRequest Request = new("alice@example.com", CodePurpose.SignIn, Surface.Page, [1], IPAddress.Loopback, "en", false)
    {
        RequesterHint = "Chrome, Windows",
    };

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CodeMail _mail = new(
        Options.Create(new MailSite { Name = "Identity", Host = "id.example.com" }),
        Options.Create(new SmtpOptions { From = "Identity <no-reply@mail.example.com>" }));

    [Fact]
    public void Says_in_English_what_the_code_is_for()
    {
        var (subject, text) = Compose(Request);
        subject.ShouldBe("Your Identity code: 123456");
        text.ShouldBe("""
            123456

            This is your code to sign in to Identity.
            It works once, within 5 minutes.

            Asked for by: Chrome, Windows.

            Nobody will ever ask you for this code, we least of all.
            If you did not ask for it, do nothing: without it, nothing happens.

            @id.example.com #123456

            """.ReplaceLineEndings("\r\n"));
    }

    [Fact]
    public void Says_it_in_Chinese()
    {
        var (subject, text) = Compose(Request with { Locale = "zh-Hans-CN" });
        subject.ShouldBe("Identity 登录验证码：123456");
        text.ShouldStartWith("123456\r\n");
        text.ShouldContain("5 分钟内有效");
        text.ShouldContain("请求来自：Chrome, Windows");
        text.ShouldEndWith("@id.example.com #123456\r\n");
    }

    [Theory]
    [InlineData(CodePurpose.SignUp, "create your account at Identity", "注册")]
    [InlineData(CodePurpose.SignIn, "sign in to Identity", "登录")]
    [InlineData(CodePurpose.PasswordReset, "set a new password at Identity", "重设密码")]
    public void Names_each_purpose_in_both_languages(CodePurpose purpose, string english, string chinese)
    {
        Compose(Request with { Purpose = purpose }).Text.ShouldContain(english);
        Compose(Request with { Purpose = purpose, Locale = "zh-CN" }).Text.ShouldContain(chinese);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Shows_the_code_in_the_first_thirty_characters_and_has_no_link(string locale)
    {
        var (_, text) = Compose(Request with { Locale = locale, RequesterHint = "visit http://evil.example/now" });
        text[..30].ShouldContain("123456");
        text.ShouldNotContain("http:");
        text.ShouldNotContain("evil.example");
        text.ShouldNotContain("/");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("://")]
    public void Leaves_out_a_hint_that_says_nothing(string? hint) =>
        Compose(Request with { RequesterHint = hint }).Text.ShouldNotContain("Asked for by");

    [Fact]
    public void A_hint_is_one_short_line()
    {
        var (_, text) = Compose(Request with { RequesterHint = "Chrome\r\n\r\n" + new string('x', 500) });
        var line = text.Split("\r\n").Single(line => line.StartsWith("Asked for by", StringComparison.Ordinal));
        line.Length.ShouldBeLessThan(80);
        line.ShouldContain("Chromex");
    }

    [Fact]
    public void Each_mail_has_a_random_Message_ID_at_the_senders_domain()
    {
        var (one, other) = (Mail(Request), Mail(Request));
        one.MessageId.ShouldMatch("^[0-9a-f]{32}@mail\\.example\\.com$");
        one.MessageId.ShouldNotBe(other.MessageId);
    }

    private OutgoingMail Mail(CodeRequest request) => _mail.Compose("alice@example.com", "123456", request, TimeSpan.FromMinutes(5), Now);

    private (string Subject, string Text) Compose(CodeRequest request)
    {
        var message = Encoding.UTF8.GetString(Mail(request).Message).Split("\r\n\r\n", 2);
        var encoded = message[0].Contains("base64", StringComparison.Ordinal);
        var subject = message[0].Split("Subject: ")[1].Split("\r\nDate")[0];
        return (Decode(subject), encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(message[1])) : message[1]);
    }

    private static string Decode(string header) => string.Concat(header.Split("\r\n ").Select(word =>
        word.StartsWith("=?", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(word[10..^2])) : word));
}
