using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Sandbox;

public static class Program
{
    /// <summary>Runs the sandbox; a setting that is missing or wrong is named on standard error and the exit code is 1.</summary>
    public static async Task<int> Main(string[] args)
    {
        WebApplication app;
        try
        {
            app = Build(args);
        }
        catch (SettingException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return 1;
        }

        await app.RunAsync();
        return 0;
    }

    /// <summary>
    /// The composed host, not yet started: what <c>Main</c> runs and what the tests start in their own process.
    /// Once started, <see cref="SmtpSink"/> tells the ports it listens on.
    /// </summary>
    /// <exception cref="SettingException">A setting is missing or wrong.</exception>
    public static WebApplication Build(string[] args)
    {
        // The name is fixed so that the pages are found when another process hosts the sandbox.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(Program).Assembly.GetName().Name,
        });
        var settings = SandboxSettings.Read(builder.Configuration, builder.Environment);

        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
        });
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Mailbox>();
        builder.Services.AddSingleton<ToldLogouts>();
        builder.Services.AddSingleton<SandboxCertificates>();
        builder.Services.AddSingleton<SmtpSink>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SmtpSink>());
        builder.Services.AddSingleton<ScriptedService>(services => services.GetRequiredService<SmtpSink>().Script);
        builder.Services.AddHealthChecks();
        builder.Services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new PassingKeyRing());
        // It would warn of a key ring that is never written.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.AddRazorPages();

        var app = builder.Build();
        app.UseStatusCodePages("text/plain; charset=utf-8", "{0}: there is nothing here. Try /mailbox.\n");
        app.UseMiddleware<LoopbackOnly>();
        app.UseMiddleware<SecurityHeaders>();
        app.MapSandbox();
        return app;
    }
}
