using System.Globalization;
using System.Net;

namespace Sandbox;

/// <summary>A setting is missing or wrong; the message names it and says what it has to be.</summary>
public sealed class SettingException(string message) : Exception(message);

/// <summary>What the sandbox is told at start.</summary>
/// <param name="Urls">Where the pages and the control interface listen, separated by semicolons; loopback only.</param>
/// <param name="Smtp">The SMTP sink.</param>
public sealed record SandboxSettings(string Urls, SmtpSettings Smtp)
{
    /// <exception cref="SettingException">A setting is missing or wrong, or this is not a development machine.</exception>
    public static SandboxSettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment())
        {
            throw new SettingException(
                "The sandbox stands in for other companies and starts only in Development; "
                + $"ASPNETCORE_ENVIRONMENT is {environment.EnvironmentName}.");
        }

        var key = configuration["Sandbox:Key"];
        if (string.IsNullOrWhiteSpace(key))
        {
            throw new SettingException("Sandbox:Key is missing: the key that the sandbox shares with the services started with it.");
        }

        return new SandboxSettings(ReadUrls(configuration), SmtpSettings.Read(configuration.GetSection("Smtp"), key));
    }

    private static string ReadUrls(IConfiguration configuration)
    {
        // Kestrel's own section would win over the addresses checked below.
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            throw new SettingException("Kestrel:Endpoints does not apply to the sandbox: set Urls.");
        }

        var urls = configuration["Urls"] is { Length: > 0 } set ? set : "http://localhost:5109";
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || !address.IsLoopback)
            {
                throw new SettingException($"Urls names {url}: the sandbox listens on loopback addresses only.");
            }
        }

        return urls;
    }
}

/// <summary>The SMTP sink's settings.</summary>
/// <param name="StartTlsPort">Submission with STARTTLS (RFC 6409); 0 is any free port.</param>
/// <param name="ImplicitTlsPort">Submission with TLS from the first byte (RFC 8314 §3.3); 0 is any free port.</param>
/// <param name="User">The one user that may submit.</param>
/// <param name="Password">That user's password; unless set, the key shared at start.</param>
/// <param name="CaFile">Where the certificate authority is written as PEM for those who must trust the sink, or null.</param>
/// <param name="MaxMessageBytes">A longer message is refused (RFC 1870).</param>
/// <param name="IdleTimeout">A session that says nothing for so long is closed (RFC 5321 §4.5.3.2.7).</param>
public sealed record SmtpSettings(
    int StartTlsPort,
    int ImplicitTlsPort,
    string User,
    string Password,
    string? CaFile,
    int MaxMessageBytes,
    TimeSpan IdleTimeout)
{
    internal static SmtpSettings Read(IConfigurationSection section, string sharedKey) => new(
        Number(section, "StartTlsPort", 5125, IPEndPoint.MinPort, IPEndPoint.MaxPort),
        Number(section, "ImplicitTlsPort", 5165, IPEndPoint.MinPort, IPEndPoint.MaxPort),
        Text(section, "User") ?? "sandbox",
        Text(section, "Pass") ?? sharedKey,
        Text(section, "CaFile"),
        Number(section, "MaxMessageBytes", 1024 * 1024, 1024, 32 * 1024 * 1024),
        TimeSpan.FromSeconds(Number(section, "IdleTimeoutSeconds", 300, 1, 3600)));

    private static string? Text(IConfigurationSection section, string name) => section[name] is { Length: > 0 } value ? value : null;

    private static int Number(IConfigurationSection section, string name, int byDefault, int least, int most)
    {
        if (section[name] is not { Length: > 0 } value)
        {
            return byDefault;
        }

        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            throw new SettingException($"{section.Path}:{name} is {value}: a whole number from {least} to {most} is needed.");
        }

        return number;
    }
}
