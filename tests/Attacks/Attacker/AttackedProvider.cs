using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Oidc;
using ProviderHarness;
using Sandbox;

namespace Attacks;

/// <summary>
/// The provider all attacks of this run are made on, as a whole: server, pages, database, mail. Every request goes through <see cref="SendAsync(Shot)"/>,
/// which holds what must hold whatever is sent: no failure of the provider's own, no redirect to an address that nobody registered, no header that was sent to it, and,
/// once a test is over, nothing secret in anything that was logged.
/// </summary>
public sealed class AttackedProvider : IAsyncLifetime
{
    private readonly Secrets _secrets = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("identity-attacks-").FullName;
    private WebApplication _sandbox = null!;
    private int _scanned;

    public Provider Provider { get; private set; } = null!;

    public Secrets Secrets => _secrets;

    public int Port => new Uri(Provider.Client.BaseAddress!.OriginalString).Port;

    public async Task InitializeAsync()
    {
        const string Password = "a-password-of-the-mail-server";
        var authority = Path.Combine(_folder, "ca.pem");
        _sandbox = Sandbox.Program.Build(
            ["--environment=Development", "--Urls=http://127.0.0.1:0", "--Sandbox:Key=key", "--Smtp:StartTlsPort=0", "--Smtp:ImplicitTlsPort=0", $"--Smtp:Pass={Password}", $"--Smtp:CaFile={authority}"]);
        await _sandbox.StartAsync();
        var port = _sandbox.Services.GetRequiredService<SmtpSink>().StartTlsPort;
        Provider = await Provider.StartAsync(null, "Smtp:Host=localhost", $"Smtp:Port={port}", "Smtp:User=sandbox", $"Smtp:Pass={Password}", "Smtp:From=identity@example.com", $"Smtp:TrustedCa={authority}",
            // Attackers would meet this wall before what they are to be held off by; it has tests of its own.
            "ClientAuthentication:Failures=10000/1s");
        _secrets.Add(Password);
        _secrets.Add("Development-1");
        foreach (var client in Provider.Services.GetRequiredService<IConfigurationSource>().Current.Clients)
        {
            _secrets.Add(client.Id + "-development-secret");
        }
    }

    public async Task DisposeAsync()
    {
        await Provider.DisposeAsync();
        await _sandbox.StopAsync();
        await _sandbox.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public Task<Reply> SendAsync(Shot shot) => SendAsync(shot.ToBytes(Port), shot);

    /// <param name="described">For the message when a test fails.</param>
    /// <param name="isUnfinished">The client hangs up where more should come.</param>
    public async Task<Reply> SendAsync(byte[] request, object described, bool isUnfinished = false)
    {
        _secrets.LearnFrom(Encoding.Latin1.GetString(request));
        var reply = await Wire.SendAsync(Port, request, isUnfinished);
        _secrets.LearnFrom(reply);

        // 501 and 505 are about methods and versions that HTTP does not have (RFC 9110 §15.6): the client's mistake as well.
        (reply.Status is < 500 or 501 or 505).ShouldBeTrue($"{described}\n{reply}\n{Provider.Log.Lines.LastOrDefault(line => line.Contains("Unexpected failure", StringComparison.Ordinal))}");
        reply.Cookies.ShouldNotContain(cookie => cookie.Name == "attacked", $"{described}\n{reply}");
        if (reply.Location is { } location)
        {
            Redirects.AreSafe(location, Provider).ShouldBeTrue($"{described}\nredirects to {location}");
        }

        return reply;
    }

    /// <summary>The code in the newest mail to that address.</summary>
    public async Task<string> MailedCodeAsync(string address)
    {
        var mailbox = _sandbox.Services.GetRequiredService<Mailbox>();
        for (var i = 0; i < 200; i++)
        {
            if (mailbox.Messages(address) is [var newest, ..])
            {
                var code = System.Text.RegularExpressions.Regex.Match(newest.Content.Text!, @"\b\d{6}\b").Value;
                _secrets.Add(code);
                return code;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"No mail came to {address}.");
    }

    /// <summary>Everything that was logged since the last look.</summary>
    public void ShouldHaveLoggedNothingSecret()
    {
        var lines = Provider.Log.Lines.Skip(_scanned).ToArray();
        _scanned += lines.Length;
        foreach (var line in lines)
        {
            _secrets.FirstIn(line).ShouldBeNull(line);
        }
    }
}

/// <summary>Tests that attack the one provider, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class AttackedProviderCollection : ICollectionFixture<AttackedProvider>
{
    public const string Name = "attacked provider";
}
