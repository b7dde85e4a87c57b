using Npgsql;

namespace IdentityProvider;

/// <summary>What works and is still refused outside Development: addresses of the sandbox, and secrets that everybody knows.</summary>
internal static class ProductionCheck
{
    // What ./run adds to PORT_BASE for the sandbox's mail server.
    private const int StartTlsPort = 25, ImplicitTlsPort = 65;

    private static readonly string[] WellKnownPasswords = ["postgres", "password", "identity", "admin", "changeme", "secret"];

    public static IEnumerable<string> ProblemsOf(IConfiguration configuration, KeyEncryptionKey? kek, int portBase)
    {
        if (kek is { LooksDrawn: false })
        {
            yield return "Keys:Kek was not drawn at random; draw one (openssl rand -base64 32).";
        }

        if (PasswordOf(configuration.GetConnectionString("Identity")) is { } password && WellKnownPasswords.Contains(password, StringComparer.OrdinalIgnoreCase))
        {
            yield return "ConnectionStrings:Identity has a password that everybody tries first; draw one (openssl rand -hex 24).";
        }

        var host = configuration["Smtp:Host"] ?? configuration["SMTP_HOST"] ?? "localhost";
        var user = configuration["Smtp:User"] ?? configuration["SMTP_USER"];
        var isSandboxPort = int.TryParse(configuration["Smtp:Port"], out var port) && (port == portBase + StartTlsPort || port == portBase + ImplicitTlsPort);
        if (host is "localhost" or "127.0.0.1" or "::1" && (isSandboxPort || user == "sandbox"))
        {
            yield return "Smtp:Host names the sandbox's mail server, which delivers to nobody; name a real one.";
        }
    }

    private static string? PasswordOf(string? connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection).Password;
        }
        catch (ArgumentException)
        {
            // Said already, by the setting's own check.
            return null;
        }
    }
}
