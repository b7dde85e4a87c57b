using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>Tells the owner of an account that its password is another one: if it was not they, this is how they learn. No link, as in every mail.</summary>
public sealed class PasswordMail(IOptions<MailSite> site, IOptions<SmtpOptions> smtp)
{
    private readonly Mailbox _from = smtp.Value.Sender;

    internal OutgoingMail Compose(string address, string? locale, DateTimeOffset now)
    {
        var name = site.Value.Name;
        var isChinese = locale?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true;
        var (subject, text, language) = isChinese
            ? ($"您的 {name} 密码已更改", Chinese(name), "zh-CN")
            : ($"Your {name} password was changed", English(name), "en");
        var messageId = $"{RandomNumberGenerator.GetHexString(32, lowercase: true)}@{_from.Domain}";
        return new OutgoingMail(messageId, address, MimeMessage.Write(new Envelope(_from, address, messageId, now), subject, text, language));
    }

    private static string English(string name) => $"""
        The password of your account at {name} was just set or changed.

        If it was you, there is nothing to do.
        If it was not, open {name} yourself, choose to sign in with a code, and set a new password at once.

        """;

    private static string Chinese(string name) => $"""
        您在 {name} 的账号密码刚刚被设置或更改。

        如果是您本人操作，无需处理。
        如果不是您本人操作，请自行打开 {name}，使用验证码登录，并立即设置新密码。

        """;
}
