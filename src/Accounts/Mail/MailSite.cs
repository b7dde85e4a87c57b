namespace Accounts;

/// <summary>What mails say about us.</summary>
public sealed class MailSite
{
    /// <summary>Setting <c>Accounts:SiteName</c>: the product's name in subject and text.</summary>
    public string Name { get; set; } = "Identity";

    /// <summary>Host name of the issuer, set by the host: codes are bound to it by the mail's last line (<c>@host #123456</c>).</summary>
    public string Host { get; set; } = "localhost";
}
