using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sandbox;

namespace Operating;

/// <summary>The sandbox's mail server, for providers that shall send.</summary>
internal sealed partial class Postbox : IAsyncDisposable
{
    private const string Password = "a-password-of-the-mail-server";

    private readonly string _folder = Directory.CreateTempSubdirectory("identity-operating-").FullName;
    private WebApplication? _sandbox;

    /// <summary>Starts it and gives the settings of a provider that sends through it.</summary>
    public async Task<string[]> StartAsync()
    {
        var authority = Path.Combine(_folder, "ca.pem");
        _sandbox = Sandbox.Program.Build(
        [
            "--environment=Development", "--Urls=http://127.0.0.1:0", "--Sandbox:Key=key", "--Smtp:StartTlsPort=0", "--Smtp:ImplicitTlsPort=0", $"--Smtp:Pass={Password}",
            $"--Smtp:CaFile={authority}", "--Logging:LogLevel:Default=Warning",
        ]);
        await _sandbox.StartAsync();
        var port = _sandbox.Services.GetRequiredService<SmtpSink>().StartTlsPort;
        return ["Smtp:Host=localhost", $"Smtp:Port={port}", "Smtp:User=sandbox", $"Smtp:Pass={Password}", "Smtp:From=identity@example.com", $"Smtp:TrustedCa={authority}"];
    }

    /// <summary>The code in the newest mail to that address.</summary>
    public async Task<string> CodeAsync(string address)
    {
        var mailbox = _sandbox!.Services.GetRequiredService<Mailbox>();
        for (var i = 0; i < 400; i++)
        {
            if (mailbox.Messages(address) is [var newest, ..])
            {
                return SixDigits().Match(newest.Content.Text!).Value;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException($"No mail came to {address}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_sandbox is not null)
        {
            await _sandbox.StopAsync();
            await _sandbox.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"\b\d{6}\b")]
    private static partial Regex SixDigits();
}
