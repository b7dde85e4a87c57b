using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Sandbox.Tests;

public sealed class SandboxSettingsTests
{
    [Theory]
    [InlineData("--environment=Production", "Development")]
    [InlineData("--Sandbox:Key=", "Sandbox:Key")]
    [InlineData("--Urls=http://0.0.0.0:5109", "Urls")]
    [InlineData("--Urls=http://localhost:5109;http://*:80", "Urls")]
    [InlineData("--Urls=http://sandbox.example.com", "Urls")]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://0.0.0.0:80", "Kestrel:Endpoints")]
    [InlineData("--Smtp:StartTlsPort=submission", "Smtp:StartTlsPort")]
    [InlineData("--Smtp:ImplicitTlsPort=65536", "Smtp:ImplicitTlsPort")]
    [InlineData("--Smtp:MaxMessageBytes=10", "Smtp:MaxMessageBytes")]
    [InlineData("--Smtp:IdleTimeoutSeconds=0", "Smtp:IdleTimeoutSeconds")]
    public void Refuses_to_start_and_names_the_setting(string argument, string named) =>
        Should.Throw<SettingException>(() => Program.Build(RunningSandbox.Arguments(argument))).Message.ShouldContain(named);

    [Fact]
    public async Task Is_alive_once_started_and_listens_on_ports_of_its_choice()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        (await sandbox.Http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        sandbox.Smtp.StartTlsPort.ShouldBeGreaterThan(0);
        sandbox.Smtp.ImplicitTlsPort.ShouldBeGreaterThan(0);
        sandbox.Smtp.ImplicitTlsPort.ShouldNotBe(sandbox.Smtp.StartTlsPort);
    }

    [Fact]
    public async Task Takes_the_shared_key_as_the_password_unless_one_is_set()
    {
        await using var sandbox = await RunningSandbox.StartAsync("--Smtp:Pass=", "--Smtp:User=");
        await using var client = await SmtpClient.ConnectAsync(sandbox.Smtp.ImplicitTlsPort, sandbox.AuthorityPem);
        await client.SecureAsync();
        await client.ExpectAsync(220);
        await client.SayAsync("EHLO test", 250);
        await client.SayAsync($"AUTH PLAIN {SmtpClient.Plain("sandbox", "key-of-this-test-run")}", 235);
    }

    [Fact]
    public async Task Publishes_its_authority_and_nothing_that_could_sign()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "ca.pem");
        await using var sandbox = await RunningSandbox.StartAsync($"--Smtp:CaFile={file}");

        var pem = await File.ReadAllTextAsync(file);
        pem.ShouldBe(await sandbox.Http.GetStringAsync("/ca.pem"));
        pem.ShouldNotContain("PRIVATE");
        using var authority = X509Certificate2.CreateFromPem(pem);
        authority.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeTrue();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
