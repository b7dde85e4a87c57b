using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>Settings <c>Smtp:*</c>; also <c>SMTP_HOST</c>, <c>SMTP_USER</c>, <c>SMTP_PASS</c>.</summary>
public sealed class SmtpOptions
{
    public string Host { get; set; } = "localhost";

    /// <summary>465: TLS from the first byte (RFC 8314 §3.3). Any other: STARTTLS, unless <see cref="Tls"/> says otherwise.</summary>
    public int Port { get; set; } = 465;

    /// <summary>With neither user nor password no AUTH is tried; with them no mail is sent without it.</summary>
    public string? User { get; set; }

    public string? Pass { get; set; }

    /// <summary>
    /// Sender, <c>name@example.com</c> or <c>Product &lt;name@example.com&gt;</c>; by default <see cref="User"/>, which many providers
    /// insist on.
    /// </summary>
    public string? From { get; set; }

    /// <summary>PEM file of certificate authorities trusted for this server besides the system's.</summary>
    public string? TrustedCa { get; set; }

    /// <summary><c>Implicit</c> or <c>StartTls</c>, for servers on unusual ports. There is no mode without TLS.</summary>
    public SmtpTls? Tls { get; set; }

    /// <summary>For each step of the conversation.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    internal SmtpTls Mode => Tls ?? (Port == 465 ? SmtpTls.Implicit : SmtpTls.StartTls);

    internal bool HasCredentials => !string.IsNullOrEmpty(User) || !string.IsNullOrEmpty(Pass);

    internal Mailbox Sender =>
        Mailbox.Parse((string.IsNullOrEmpty(From) ? User : From) ?? "") ?? new Mailbox("no-reply@localhost.localdomain", null);
}

/// <summary>How TLS begins.</summary>
public enum SmtpTls
{
    Implicit,
    StartTls,
}

/// <summary>Refuses, at start and by name, settings that could not be obeyed.</summary>
internal sealed class SmtpOptionsCheck : IValidateOptions<SmtpOptions>
{
    public ValidateOptionsResult Validate(string? name, SmtpOptions options)
    {
        var wrong = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Host))
        {
            wrong.Add("Smtp:Host must name the mail server.");
        }

        if (options.Port is < 1 or > 65535)
        {
            wrong.Add("Smtp:Port must be a port number, such as 465 or 587.");
        }

        if (options.From is { Length: > 0 } from && Mailbox.Parse(from) is null)
        {
            wrong.Add("Smtp:From must be an address such as “no-reply@example.com” or “Product <no-reply@example.com>”.");
        }

        if (string.IsNullOrEmpty(options.From) && options.User is { Length: > 0 } user && Mailbox.Parse(user) is null)
        {
            wrong.Add("Smtp:From must be set, because Smtp:User is no e-mail address.");
        }

        if (options.HasCredentials && (string.IsNullOrEmpty(options.User) || string.IsNullOrEmpty(options.Pass)))
        {
            wrong.Add("Smtp:User and Smtp:Pass must be set together.");
        }

        if (options.TrustedCa is { Length: > 0 } ca && !File.Exists(ca))
        {
            wrong.Add("Smtp:TrustedCa must be a readable PEM file.");
        }

        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(2))
        {
            wrong.Add("Smtp:Timeout must lie between 1 second and 2 minutes.");
        }

        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}
