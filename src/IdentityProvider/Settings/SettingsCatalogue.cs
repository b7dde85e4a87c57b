using System.Globalization;
using System.Text;
using Accounts;

namespace IdentityProvider;

/// <summary>Every setting of the provider. Start-up checks against it, and docs/settings.md is written from it.</summary>
public static class SettingsCatalogue
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Oidc:Issuer", "", "The origin browsers and clients reach this provider at, such as `https://id.example.com`; it wins over every request header. Development: `http://localhost:{PORT_BASE}`; otherwise required, and https.", Setting.Anything),
        new("ConnectionStrings:Identity", "", "Where PostgreSQL is (Npgsql's keywords). Required.", DatabaseSetting.Check),
        new("Keys:Kek", "", "The key-encryption key: 32 random bytes in base64, or the path of a file that holds them. Required; `./run` draws one.", Setting.Anything),
        new("Keys:AlsoRead", "", "Further key-encryption keys, written like `Keys:Kek`, with commas between: read, never written under. The next one before `Keys:Kek` is changed to it, the last one until `keys rewrap` was run ([production.md](production.md)).", Setting.Anything),
        new("Configuration:File", "", "Clients, resources and people to apply at start, such as `config/development.yaml`. Empty: nothing is applied.", CheckFile),
        new("Admin:Email", "admin@example.com", "The address of the first administrator.", Setting.Anything),
        new("Admin:PasswordFile", "", "The first administrator's password; drawn into this file at first start when it is not there. Empty: no administrator is made.", Setting.Anything),
        new("PORT_BASE", "5100", "The first of this installation's ports in development; placeholders such as `{+3}` in the configuration file count from it.", value => Setting.Number(value, 1, 65_000)),
        new("Proxy:Trusted", "", "Addresses and networks of the reverse proxies whose `X-Forwarded-For` is believed, such as `10.0.0.0/8, 127.0.0.1`.", value => ProxyNetworks.Parse(value) is null ? "must be a list of addresses and networks such as 10.0.0.0/8, 127.0.0.1" : null),
        new("Outbound:Allow", "", "Origins, such as `https://intranet.example`, that clients' addresses (`jwks_uri`, logout) may lead to although they resolve to private addresses. Development: `http://localhost:{PORT_BASE + 9}`, the sandbox.", value => AllowedOrigins.Parse(value) is null ? "must be a list of origins such as https://intranet.example" : null),
        new("Api:Origins", "", "Origins of first-party front ends, such as `https://shop.example.com`, whose scripts may call `/api/auth` and `/api/users`, with cookies too. Development: `http://localhost:{PORT_BASE + 3}` and `http://localhost:{PORT_BASE + 2}`.", value => AllowedOrigins.Parse(value) is null ? "must be a list of origins such as https://shop.example.com" : null),
        new("ClientAuthentication:Failures", "20/min", "Failed authentications of one client from one IPv4 address or IPv6 /64 on one node, after which every further attempt is answered with 429.", value => Rates.TryParse(value) is { Counts.Length: 1 } ? null : "must be one rate such as 20/min"),
        new("Secrets:Folder", "", "A folder with a file for each secret, named as in the environment (`ConnectionStrings__Identity`); these win over every other source. Containers get `/run/secrets`.", value => Directory.Exists(value) ? null : "names a folder that is not there"),
        new("Shutdown:Drain", "00:00:05", "How long a node that was told to stop goes on answering, not ready, so that balancers notice. Development: not at all.", value => Setting.Duration(value, TimeSpan.FromMinutes(1))),
        new("Telemetry:Otlp", "", "The OpenTelemetry collector that gets metrics and traces by OTLP over HTTP, such as `http://collector:4318/`. Empty: nothing is measured.", CheckCollector),
        new("Telemetry:TraceRatio", "0.01", "The part of the traces beginning here that is sent, from 0 to 1; a caller's sampled trace always is.", CheckRatio),
        Lifetime("Code", "00:01:00", "An authorization code.", TimeSpan.FromMinutes(10)),
        Lifetime("Access", "00:10:00", "Access and ID tokens.", TimeSpan.FromDays(1)),
        Lifetime("RefreshIdle", "14.00:00:00", "A refresh token that nobody uses.", Year),
        Lifetime("RefreshAbsolute", "90.00:00:00", "A refresh token and all its successors together.", Year),
        Lifetime("RefreshGrace", "00:00:30", "How long a retry with a token that was just rotated gets the same successor again.", TimeSpan.FromMinutes(1)),
        Lifetime("SessionIdle", "02:00:00", "A browser session that nobody uses.", Year),
        Lifetime("SessionAbsolute", "12:00:00", "A browser session, used or not.", Year),
        Lifetime("SessionRemembered", "30.00:00:00", "The same where the person asked to stay signed in on the device.", Year),
        Lifetime("Consent", "365.00:00:00", "What a person allowed a third-party application, until they are asked again.", 10 * Year),
        new("OneTimeCodes:Lifetime", "00:05:00", "A code sent by mail.", value => Setting.Duration(value, TimeSpan.FromMinutes(10))),
        new("OneTimeCodes:PerAddress", "1/60s, 5/h", "How often codes are sent to one address.", CheckRates),
        new("OneTimeCodes:PerIp", "20/min, 100/h", "How often one IPv4 address or IPv6 /64 may ask for codes.", CheckRates),
        new("OneTimeCodes:Guesses", "5, 10/h, 20/d", "Wrong guesses allowed: at one challenge, then at one address whatever the purpose.", Setting.Anything),
        new("Lockout:Attempts", "5", "Wrong passwords for one account from one IP that lock the pair.", value => Setting.Number(value, 1, 100)),
        new("Lockout:Duration", "00:15:00", "For how long.", value => Setting.Duration(value, TimeSpan.FromDays(1))),
        new("Lockout:PerAccount", "50/h", "Wrong passwords for one account from anywhere, after which only known devices may sign in to it by password.", CheckRates),
        new("Accounts:Enumeration", "seed", "`seed`: answers say what the customer's documents say; `strict`: none tells whether an address has an account.", value => Setting.OneOf(value, "seed", "strict")),
        new("Accounts:SiteName", "Identity", "The product's name on pages and in mails.", Setting.Anything),
        new("Smtp:Host", "localhost", "The mail server (also `SMTP_HOST`).", Setting.Anything),
        new("Smtp:Port", "465", "465: TLS from the first byte; any other: STARTTLS, unless `Smtp:Tls` says otherwise.", value => Setting.Number(value, 1, 65_535)),
        new("Smtp:User", "", "With neither user nor password no AUTH is tried (also `SMTP_USER`).", Setting.Anything),
        new("Smtp:Pass", "", "The mail server's password (also `SMTP_PASS`).", Setting.Anything),
        new("Smtp:From", "", "The sender, `name@example.com` or `Product <name@example.com>`; by default `Smtp:User`.", Setting.Anything),
        new("Smtp:Tls", "", "`Implicit` or `StartTls`, for servers on unusual ports.", value => Setting.OneOf(value, nameof(SmtpTls.Implicit), nameof(SmtpTls.StartTls))),
        new("Smtp:TrustedCa", "", "PEM file of certificate authorities trusted for this server besides the system's.", CheckFile),
        new("Smtp:Timeout", "00:00:20", "For each step of the conversation with the mail server.", value => Setting.Duration(value, TimeSpan.FromMinutes(5))),
    ];

    public static Setting Find(string name) => All.First(setting => setting.Name == name);

    public static string DefaultOf(string name) => Find(name).Default;

    /// <summary>What is wrong, one sentence each that names the setting; values are never repeated, since some are secret.</summary>
    public static IEnumerable<string> Check(IConfiguration configuration)
    {
        foreach (var setting in All)
        {
            if (configuration[setting.Name] is { Length: > 0 } value && setting.Check(value) is { } problem)
            {
                yield return $"{setting.Name} {problem}.";
            }
        }

        // A misspelled setting would otherwise silently be its default.
        foreach (var section in All.Select(setting => setting.Section).Distinct().Where(section => section is not ("ConnectionStrings" or "PORT_BASE")))
        {
            foreach (var child in configuration.GetSection(section).GetChildren())
            {
                if (!All.Any(setting => setting.Name.Equals(child.Path, StringComparison.OrdinalIgnoreCase)))
                {
                    yield return $"{child.Path} is not a setting; see docs/settings.md.";
                }
            }
        }
    }

    /// <summary>The text of docs/settings.md.</summary>
    public static string Document()
    {
        var text = new StringBuilder("""
            # Settings

            Written from `SettingsCatalogue` by a test; do not edit. Settings come from `appsettings.json`, the environment (`:` is written `__`, as in
            `Oidc__Issuer`) and the command line (`--Oidc:Issuer=…`), the later winning. Every one is checked at start with a sentence that names it.

            | setting | default | meaning |
            |---|---|---|

            """);
        foreach (var setting in All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{setting.Name}` | {(setting.Default.Length > 0 ? $"`{setting.Default}`" : "")} | {setting.Meaning} |\n");
        }

        return text.ToString();
    }

    private static Setting Lifetime(string name, string value, string meaning, TimeSpan most) => new("Lifetimes:" + name, value, meaning, given => Setting.Duration(given, most));

    private static string? CheckFile(string path) => File.Exists(path) ? null : "names a file that is not there";

    private static string? CheckCollector(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && value.EndsWith('/') && uri.Query.Length == 0
            ? null
            : "must be an http or https address that ends with a slash, such as http://collector:4318/";

    private static string? CheckRatio(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? null : "must be a number from 0 to 1";

    private static string? CheckRates(string value) => Rates.TryParse(value) is null ? "must be a list of rates such as 1/60s, 5/h" : null;
}
