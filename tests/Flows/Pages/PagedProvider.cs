using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ProviderHarness;
using Sandbox;

namespace Flows;

/// <summary>
/// One provider and one mail server for all tests of the pages. Its clock stands still until a test moves it, and only ever goes on; so every test
/// takes an address of its own.
/// </summary>
public sealed partial class PagedProvider : IAsyncLifetime
{
    private const string MailPassword = "a-password-of-the-mail-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("identity-pages-").FullName;
    private WebApplication _sandbox = null!;
    private int _addresses;

    public Provider Provider { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var authority = Path.Combine(_folder, "ca.pem");
        _sandbox = Sandbox.Program.Build(
        [
            "--environment=Development", "--Urls=http://127.0.0.1:0", "--Sandbox:Key=key", "--Smtp:StartTlsPort=0", "--Smtp:ImplicitTlsPort=0", $"--Smtp:Pass={MailPassword}",
            $"--Smtp:CaFile={authority}", "--Logging:LogLevel:Default=Warning",
        ]);
        await _sandbox.StartAsync();
        var port = _sandbox.Services.GetRequiredService<SmtpSink>().StartTlsPort;
        Provider = await Provider.StartAsync(null,
            "Smtp:Host=localhost", FormattableString.Invariant($"Smtp:Port={port}"), "Smtp:User=sandbox", $"Smtp:Pass={MailPassword}", "Smtp:From=identity@example.com",
            $"Smtp:TrustedCa={authority}", "OneTimeCodes:PerIp=1000/min");
    }

    public async Task DisposeAsync()
    {
        await Provider.DisposeAsync();
        await _sandbox.StopAsync();
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A browser nobody has used.</summary>
    public PageVisitor NewVisitor(string language = "en") => new(Provider, language);

    /// <summary>An address no other test uses; all of them are equally long.</summary>
    public string NewAddress() => FormattableString.Invariant($"guest{Interlocked.Increment(ref _addresses):D4}@example.com");

    /// <summary>What the mail server took for that address, newest first.</summary>
    public IReadOnlyList<ReceivedMail> Mails(string address) => _sandbox.Services.GetRequiredService<Mailbox>().Messages(address);

    /// <summary>The code in the latest of so many mails.</summary>
    public async Task<string> CodeAsync(string address, int mails = 1)
    {
        for (var i = 0; i < 400; i++)
        {
            if (Mails(address) is [var newest, ..] all && all.Count >= mails)
            {
                return SixDigits().Match(newest.Content.Text!).Value;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException($"Only {Mails(address).Count} mails came to {address}.");
    }

    /// <summary>Once every mail so far is delivered, the mail server answers the next call of that name so.</summary>
    public async Task NextMailAsync(string call, int status, string text)
    {
        while (await Provider.CountAsync("select count(*) from mail_queue where state = 'queued'") > 0)
        {
            await Task.Delay(25);
        }

        _sandbox.Services.GetRequiredService<SmtpSink>().Script.TryAdd(new Script(call, status, ErrorCode: null, text, TimeSpan.Zero, Times: 1)).ShouldBeTrue();
    }

    /// <summary>A code of six digits that is not this one.</summary>
    public static string Other(string code) => (code[0] == '9' ? '0' : (char)(code[0] + 1)) + code[1..];

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();
}

/// <summary>Tests of the pages, which share a provider.</summary>
[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<PagedProvider>
{
    public const string Name = "pages";
}
