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

    /// <summary>Sender, <c>name@example.com</c> or <c>Product &lt;name@example.com&gt;</c>; by default <see cref="User"/>, which many providers insist on.</summary>
    public string? From { get; set; }

    /// <summary>PEM file of certificate authorities trusted for this server besides the system's.</summary>
    public string? TrustedCa { get; set; }

    /// <summary><c>Implicit</c> or <c>StartTls</c>, for servers on unusual ports. There is no mode without TLS.</summary>
    public SmtpTls? Tls { get; set; }

    /// <summary>For each step of the conversation.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);
}

/// <summary>How TLS begins.</summary>
public enum SmtpTls
{
    Implicit,
    StartTls,
}
