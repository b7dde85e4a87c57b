using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sandbox;

namespace Browser.Tests;

/// <summary>
/// All that <c>./run</c> starts, on ports of its own: provider, members API and sandbox in this process, the storefront by node, and Chromium. Real time,
/// real mail, real database; access tokens live so briefly that every story sees them expire.
/// </summary>
public sealed partial class World : IAsyncLifetime
{
    // What design's table of ports adds to PORT_BASE.
    private const int MembersPort = 1, StorefrontPort = 3, SandboxPort = 9, SmtpPort = 25;

    private readonly string _authority = Path.Combine(Path.GetTempPath(), $"sandbox-ca-{RandomNumberGenerator.GetHexString(8)}.pem");
    private readonly List<Database> _databases = [];
    private readonly List<WebApplication> _apps = [];
    private readonly ConcurrentDictionary<string, Lazy<Task<Tour>>> _tours = new(StringComparer.Ordinal);
    private Process? _storefront;
    private IPlaywright? _playwright;

    public IBrowser Chromium { get; private set; } = null!;

    public string Provider { get; private set; } = null!;

    public string Storefront { get; private set; } = null!;

    /// <summary>Where the client <c>web</c> is sent back to.</summary>
    public string Sandbox { get; private set; } = null!;

    /// <summary>What the sandbox's mail server took.</summary>
    public Mailbox Mailbox { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var portBase = FreePortBase();
        Provider = Local(portBase);
        Storefront = Local(portBase + StorefrontPort);
        Sandbox = Local(portBase + SandboxPort);
        var smtpPassword = RandomNumberGenerator.GetHexString(16);

        var sandbox = await StartAsync(global::Sandbox.Program.Build(
        [
            "--environment=Development", "--Sandbox:Key=key-of-this-test-run", $"--Urls={Sandbox}", Setting("Smtp:StartTlsPort", portBase + SmtpPort),
            "--Smtp:ImplicitTlsPort=0", "--Smtp:User=sandbox", $"--Smtp:Pass={smtpPassword}", $"--Smtp:CaFile={_authority}", "--Logging:LogLevel:Default=Warning",
        ]));
        Mailbox = sandbox.Services.GetRequiredService<Mailbox>();
        await StartAsync(IdentityProvider.Program.Build(
        [
            "--environment=Development", $"--urls={Provider}", Setting("PORT_BASE", portBase), $"--Oidc:Issuer={Provider}",
            $"--ConnectionStrings:Identity={await DatabaseAsync()}", $"--Keys:Kek={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
            $"--Configuration:File={Repository.PathOf("config/development.yaml")}", "--Smtp:Host=localhost", Setting("Smtp:Port", portBase + SmtpPort), "--Smtp:User=sandbox",
            $"--Smtp:Pass={smtpPassword}", "--Smtp:From=Identity <no-reply@example.com>", $"--Smtp:TrustedCa={_authority}", "--Lifetimes:Access=00:00:02",
            "--OneTimeCodes:PerAddress=3/60s, 20/h", "--OneTimeCodes:PerIp=1000/min", "--Logging:LogLevel:Default=Warning",
        ]));
        await StartAsync(MembersApi.Program.Build(
        [
            "--environment=Development", $"--urls={Local(portBase + MembersPort)}", $"--Oidc:Issuer={Provider}", $"--ConnectionStrings:Members={await DatabaseAsync()}", $"--Cors:Origins={Storefront}",
            "--Logging:LogLevel:Default=Warning",
        ]));
        await StartStorefrontAsync(portBase);
        await StartChromiumAsync();
    }

    public async Task DisposeAsync()
    {
        if (Chromium is not null)
        {
            await Chromium.DisposeAsync();
        }

        _playwright?.Dispose();
        _storefront?.Kill(entireProcessTree: true);
        _storefront?.Dispose();
        foreach (var app in Enumerable.Reverse(_apps))
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        foreach (var database in _databases)
        {
            await database.DisposeAsync();
        }

        File.Delete(_authority);
    }

    /// <summary>A browser nobody has used yet.</summary>
    public Task<IBrowserContext> NewBrowserAsync(string locale, bool scripts = true) =>
        Chromium.NewContextAsync(new BrowserNewContextOptions { Locale = locale, JavaScriptEnabled = scripts });

    /// <summary>The request of <c>storefront</c>, which leads to the sign-in page.</summary>
    public string SignIn(string more = "") =>
        $"{Provider}/connect/authorize?client_id=storefront&redirect_uri={Uri.EscapeDataString(Storefront + "/callback")}&response_type=code&scope=openid&state=x"
        + $"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256{more}";

    /// <summary>What was found on a walk past all pages in that language.</summary>
    public Task<Tour> TourAsync(string language) => _tours.GetOrAdd(language, _ => new Lazy<Task<Tour>>(() => Tour.WalkAsync(this, language))).Value;

    /// <summary>Does what leads to another page, or to this one anew, and waits until it is there.</summary>
    public static async Task LeaveAsync(IPage page, Func<Task> deed)
    {
        await page.EvaluateAsync("() => { window.isLeft = true; }");
        await deed();
        await page.WaitForFunctionAsync("() => !window.isLeft && document.readyState === 'complete'");
    }

    /// <summary>The code in the latest of so many mails.</summary>
    public async Task<string> CodeAsync(string address, int mails = 1)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (Mailbox.Messages(address) is [var newest, ..] all && all.Count >= mails)
            {
                return SixDigits().Match(newest.Content.Text ?? "").Value;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"Not {mails} mails for {address} within ten seconds.");
    }

    /// <summary>From the first page of a sign-in: makes an account without a password, as far as the right code leads.</summary>
    public async Task SignUpAsync(IPage page, string address)
    {
        await page.Locator("a[href*='/create-account']").ClickAsync();
        await page.Locator("#identifier").FillAsync(address);
        await page.Locator("main form button[type=submit]").First.ClickAsync();
        await page.Locator("button[value=without]").ClickAsync();
        await TypeCodeAsync(page, await CodeAsync(address));
    }

    /// <summary>With scripts the sixth digit sends the form by itself.</summary>
    public static async Task TypeCodeAsync(IPage page, string code)
    {
        await page.Locator("input[autocomplete=one-time-code]").FillAsync(code);
        if (page.Url.Contains("/email-verification", StringComparison.Ordinal))
        {
            try
            {
                await page.Locator("input[autocomplete=one-time-code]").PressAsync("Enter", new LocatorPressOptions { Timeout = 1_000 });
            }
            catch (Exception e) when (e is PlaywrightException or TimeoutException)
            {
                // It was sent already.
            }
        }
    }

    private async Task<WebApplication> StartAsync(WebApplication app)
    {
        _apps.Add(app);
        await app.StartAsync();
        return app;
    }

    private async Task<string> DatabaseAsync()
    {
        var database = await Cluster.CreateDatabaseAsync();
        _databases.Add(database);
        return database.ConnectionString;
    }

    private async Task StartStorefrontAsync(int portBase)
    {
        var folder = Repository.PathOf("clients/storefront");
        if (!File.Exists(Path.Combine(folder, "dist", "index.html")))
        {
            await BuildStorefrontAsync(folder);
        }

        _storefront = Process.Start(new ProcessStartInfo("node", ["server.mjs"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["PORT_BASE"] = portBase.ToString(CultureInfo.InvariantCulture) },
        });
        // It says so once it listens.
        (await _storefront!.StandardOutput.ReadLineAsync()).ShouldNotBeNull();
    }

    private static async Task BuildStorefrontAsync(string folder)
    {
        using var build = Process.Start(new ProcessStartInfo("npm", ["run", "build", "--silent"]) { WorkingDirectory = folder, UseShellExecute = false });
        await build!.WaitForExitAsync();
        build.ExitCode.ShouldBe(0, "clients/storefront does not build");
    }

    private async Task StartChromiumAsync()
    {
        _playwright = await Playwright.CreateAsync();
        Chromium = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
    }

    // The redirect URIs stand at fixed distances from PORT_BASE, so all of its ports must be free.
    private static int FreePortBase()
    {
        while (true)
        {
            var candidate = RandomNumberGenerator.GetInt32(10_000, 28_000);
            if (new[] { 0, MembersPort, StorefrontPort, SandboxPort, SmtpPort }.All(offset => IsFree(candidate + offset)))
            {
                return candidate;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(System.Net.IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");

    private static string Setting(string name, int value) => string.Create(CultureInfo.InvariantCulture, $"--{name}={value}");

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();
}

/// <summary>Everything in this assembly walks through one world; what a test needs for itself is a browser context.</summary>
[CollectionDefinition(Name)]
public sealed class WorldCollection : ICollectionFixture<World>
{
    public const string Name = "world";
}
