using System.Globalization;
using System.Net;
using Accounts;
using Oidc;

namespace IdentityProvider;

/// <summary>What this host was told at start, checked as a whole; it does not change while running.</summary>
public sealed record ProviderSettings
{
    public required bool Development { get; init; }
    public required int PortBase { get; init; }
    public required OidcOptions Oidc { get; init; }
    public required KeyEncryptionKeys Keks { get; init; }
    public required string Database { get; init; }
    public string? ConfigurationFile { get; init; }
    public required string AdminEmail { get; init; }
    public string? AdminPasswordFile { get; init; }
    /// <summary>How long a node that was told to stop goes on answering.</summary>
    public TimeSpan Drain { get; init; }

    /// <summary>Where metrics and traces go; null: nowhere.</summary>
    public Uri? TelemetryCollector { get; init; }

    /// <summary>Of how many traces that begin here one is sent, from 0 to 1.</summary>
    public double TraceRatio { get; init; }

    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Origins the outbound guard lets through.</summary>
    public IReadOnlyList<string> OutboundAllow { get; init; } = [];

    /// <summary>Origins of first-party front ends: scripts there may call the JSON API with the cookies of this provider.</summary>
    public IReadOnlyList<string> ApiOrigins { get; init; } = [];

    /// <summary>No answer of the JSON API tells whether an address has an account.</summary>
    public bool StrictEnumeration { get; init; }

    /// <exception cref="StartRefusedException">Something cannot work; every reason is in it.</exception>
    public static ProviderSettings Read(IConfiguration configuration, bool development)
    {
        var problems = new List<string>(SettingsCatalogue.Check(configuration));
        // Of a setting that was refused the default is read, so that everything else is judged too.
        var portBase = int.Parse(Value(configuration, "PORT_BASE"), CultureInfo.InvariantCulture);
        var issuer = configuration["Oidc:Issuer"] ?? (development ? string.Create(CultureInfo.InvariantCulture, $"http://localhost:{portBase}") : "");
        if (CheckIssuer(issuer, development) is { } issuerProblem)
        {
            problems.Add("Oidc:Issuer " + issuerProblem);
        }

        var lifetimes = ReadLifetimes(configuration);
        problems.AddRange(CheckLifetimes(lifetimes));
        var kek = KekSetting.Read(configuration["Keys:Kek"], development, out var kekProblem);
        if (kekProblem is not null)
        {
            problems.Add("Keys:Kek " + kekProblem);
        }

        var alsoRead = KekSetting.ReadList(configuration["Keys:AlsoRead"], out var alsoReadProblem);
        if (alsoReadProblem is not null)
        {
            problems.Add("Keys:AlsoRead " + alsoReadProblem);
        }

        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString("Identity")))
        {
            problems.Add("ConnectionStrings:Identity is missing: it says where PostgreSQL is, such as Host=localhost;Database=identity;Username=identity;Password=….");
        }

        // The stand-ins for relying parties listen there.
        var outboundAllow = NullIfEmpty(configuration["Outbound:Allow"]) is { } given ? AllowedOrigins.Parse(given) ?? []
            : development ? [string.Create(CultureInfo.InvariantCulture, $"http://localhost:{portBase + 9}")]
            : [];
        if (!development && outboundAllow.Any(origin => origin.StartsWith("http:", StringComparison.Ordinal)))
        {
            problems.Add("Outbound:Allow must name https origins only, outside Development.");
        }

        // The storefront and the agents' desk.
        var apiOrigins = NullIfEmpty(configuration["Api:Origins"]) is { } origins ? AllowedOrigins.Parse(origins) ?? []
            : development ? [string.Create(CultureInfo.InvariantCulture, $"http://localhost:{portBase + 3}"), string.Create(CultureInfo.InvariantCulture, $"http://localhost:{portBase + 2}")]
            : [];
        if (!development && apiOrigins.Any(origin => origin.StartsWith("http:", StringComparison.Ordinal)))
        {
            problems.Add("Api:Origins must name https origins only, outside Development.");
        }

        problems.AddRange(AccountsRegistration.ProblemsOf(configuration).Where(problem => !problems.Exists(said => NameIn(said) == NameIn(problem))));
        if (!development)
        {
            problems.AddRange(ProductionCheck.ProblemsOf(configuration, kek, portBase));
        }

        if (problems.Count > 0)
        {
            throw Refused(problems);
        }

        var guesses = Accounts.Rates.Parse(Value(configuration, "ClientAuthentication:Failures"));
        return new ProviderSettings
        {
            Development = development,
            PortBase = portBase,
            Oidc = new OidcOptions { Issuer = issuer, Lifetimes = lifetimes, ClientGuesses = new GuessLimit(guesses.Counts[0], guesses.Windows[0]) },
            Keks = new KeyEncryptionKeys(kek!, alsoRead),
            Database = DatabaseSetting.Complete(configuration.GetConnectionString("Identity")!),
            ConfigurationFile = NullIfEmpty(configuration["Configuration:File"]),
            AdminEmail = Value(configuration, "Admin:Email"),
            AdminPasswordFile = NullIfEmpty(configuration["Admin:PasswordFile"]),
            Drain = NullIfEmpty(configuration["Shutdown:Drain"]) is null && development ? TimeSpan.Zero : Time(configuration, "Shutdown:Drain"),
            TelemetryCollector = NullIfEmpty(configuration["Telemetry:Otlp"]) is { } collector ? new Uri(collector) : null,
            TraceRatio = double.Parse(Value(configuration, "Telemetry:TraceRatio"), CultureInfo.InvariantCulture),
            TrustedProxies = ProxyNetworks.Parse(Value(configuration, "Proxy:Trusted"))!,
            OutboundAllow = outboundAllow,
            ApiOrigins = apiOrigins,
            StrictEnumeration = Value(configuration, "Accounts:Enumeration") == "strict",
        };
    }

    private static string? CheckIssuer(string issuer, bool development)
    {
        if (issuer.Length == 0)
        {
            return "is missing: it is the https origin that browsers and clients reach this provider at, such as https://id.example.com.";
        }
        // OpenID Connect Discovery §3: https, without query and fragment; compared character by character, so in its canonical spelling.
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || issuer != uri.GetLeftPart(UriPartial.Authority))
        {
            return "must be an origin in lower case without a path or a trailing slash, such as https://id.example.com.";
        }

        return uri.Scheme == "http" && !development ? "must begin with https outside Development." : null;
    }

    private static Lifetimes ReadLifetimes(IConfiguration configuration) => new()
    {
        Code = Time(configuration, "Lifetimes:Code"),
        Access = Time(configuration, "Lifetimes:Access"),
        RefreshIdle = Time(configuration, "Lifetimes:RefreshIdle"),
        RefreshAbsolute = Time(configuration, "Lifetimes:RefreshAbsolute"),
        RefreshGrace = Time(configuration, "Lifetimes:RefreshGrace"),
        SessionIdle = Time(configuration, "Lifetimes:SessionIdle"),
        SessionAbsolute = Time(configuration, "Lifetimes:SessionAbsolute"),
        SessionRemembered = Time(configuration, "Lifetimes:SessionRemembered"),
        Consent = Time(configuration, "Lifetimes:Consent"),
    };

    private static IEnumerable<string> CheckLifetimes(Lifetimes lifetimes)
    {
        if (lifetimes.RefreshIdle > lifetimes.RefreshAbsolute)
        {
            yield return "Lifetimes:RefreshIdle must not be longer than Lifetimes:RefreshAbsolute.";
        }
        // A retry reads its successor's row, which the cleaner may take once it has been idle for too long.
        if (lifetimes.RefreshGrace >= lifetimes.RefreshIdle)
        {
            yield return "Lifetimes:RefreshGrace must be shorter than Lifetimes:RefreshIdle.";
        }

        if (lifetimes.SessionIdle > lifetimes.SessionAbsolute)
        {
            yield return "Lifetimes:SessionIdle must not be longer than Lifetimes:SessionAbsolute.";
        }

        if (lifetimes.SessionAbsolute > lifetimes.SessionRemembered)
        {
            yield return "Lifetimes:SessionAbsolute must not be longer than Lifetimes:SessionRemembered.";
        }
    }

    private static TimeSpan Time(IConfiguration configuration, string name) => TimeSpan.Parse(Value(configuration, name), CultureInfo.InvariantCulture);

    private static string Value(IConfiguration configuration, string name) =>
        NullIfEmpty(configuration[name]) is { } given && SettingsCatalogue.Find(name).Check(given) is null ? given : SettingsCatalogue.DefaultOf(name);

    private static string NameIn(string problem) => problem.Split(' ')[0];

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static StartRefusedException Refused(IEnumerable<string> problems) => new(string.Join(Environment.NewLine, problems));
}
