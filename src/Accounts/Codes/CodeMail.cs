using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>
/// The mail that carries a code: code first and in the subject, so that a notification shows it; what it is for and how long; that nobody
/// will ask for it; no link and no button, so that nobody learns to press one; last the domain-bound form (<c>@host #123456</c>) that
/// autofill reads.
/// </summary>
public sealed class CodeMail(IOptions<MailSite> site, IOptions<SmtpOptions> smtp)
{
    private const int HintLength = 60;

    private readonly Mailbox _from = smtp.Value.Sender;

    internal OutgoingMail Compose(string address, string code, CodeRequest request, TimeSpan lifetime, DateTimeOffset now)
    {
        var (subject, text, language) = Letter(code, request, (int)Math.Ceiling(lifetime.TotalMinutes));
        var messageId = $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{_from.Domain}";
        var message = MimeMessage.Write(new Envelope(_from, address, messageId, now), subject, text, language);
        return new OutgoingMail(messageId, address, message);
    }

    private (string Subject, string Text, string Language) Letter(string code, CodeRequest request, int minutes) =>
        request.Locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
            ? Chinese(code, request, minutes)
            : English(code, request, minutes);

    private (string, string, string) English(string code, CodeRequest request, int minutes)
    {
        var deed = request.Purpose switch
        {
            CodePurpose.SignUp => "create your account at",
            CodePurpose.SignIn => "sign in to",
            _ => "set a new password at",
        };
        var hint = Hint(request) is { } from ? $"\nAsked for by: {from}.\n" : "";
        var text = $"""
            {code}

            This is your code to {deed} {site.Value.Name}.
            It works once, within {minutes} minutes.
            {hint}
            Nobody will ever ask you for this code, we least of all.
            If you did not ask for it, do nothing: without it, nothing happens.

            @{site.Value.Host} #{code}

            """;
        return ($"Your {site.Value.Name} code: {code}", text, "en");
    }

    private (string, string, string) Chinese(string code, CodeRequest request, int minutes)
    {
        var deed = request.Purpose switch
        {
            CodePurpose.SignUp => "注册",
            CodePurpose.SignIn => "登录",
            _ => "重设密码",
        };
        var hint = Hint(request) is { } from ? $"\n请求来自：{from}\n" : "";
        var text = $"""
            {code}

            这是您在 {site.Value.Name} {deed}的验证码，{minutes} 分钟内有效，仅可使用一次。
            {hint}
            任何人（包括我们）都不会向您索要验证码，请勿告知他人。
            如非您本人操作，请忽略此邮件：没有验证码，什么也不会发生。

            @{site.Value.Host} #{code}

            """;
        return ($"{site.Value.Name} {deed}验证码：{code}", text, "zh-CN");
    }

    // The hint comes from a stranger's request and goes to somebody else's mailbox: words only, nothing that mail programs make links of.
    private static string? Hint(CodeRequest request)
    {
        if (request.RequesterHint is not { } hint)
        {
            return null;
        }

        var words = new StringBuilder(HintLength);
        foreach (var rune in hint.EnumerateRunes())
        {
            var allowed = Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or ',' or '，' or '-' or '(' or ')';
            if (words.Length + rune.Utf16SequenceLength <= HintLength && allowed)
            {
                words.Append(rune);
            }
        }
        var text = words.ToString().Trim();
        return text.Length == 0 ? null : text;
    }
}
