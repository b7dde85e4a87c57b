using System.Diagnostics;
using Harness;
using ProviderHarness;

namespace Interop.Tests;

/// <summary>Independent relying-party libraries, in their own language and over HTTP, against the real provider.</summary>
public sealed class InteropTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    [Theory]
    [InlineData("openid-client.test.mjs")]
    [InlineData("oauth4webapi.test.mjs")]
    public async Task An_independent_library_finds_nothing_to_refuse(string script)
    {
        // The libraries compare with the clock of this machine.
        fixture.Provider.Time.Now = TimeProvider.System.GetUtcNow();

        var (exitCode, output) = await RunAsync(script);

        exitCode.ShouldBe(0, output);
        output.ShouldContain("# fail 0");
        output.ShouldNotContain("# pass 0");
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string script)
    {
        var issuer = new Uri(fixture.Provider.Issuer);
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=tap", script])
        {
            WorkingDirectory = Repository.PathOf("tests/Interop"),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ISSUER"] = issuer.GetLeftPart(UriPartial.Authority), ["PORT_BASE"] = issuer.Port.ToString() },
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        using var end = limit.Token.Register(() => node.Kill(entireProcessTree: true));
        var output = node.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = node.StandardError.ReadToEndAsync(CancellationToken.None);
        await node.WaitForExitAsync(CancellationToken.None);
        return (node.ExitCode, await output + await errors);
    }
}
