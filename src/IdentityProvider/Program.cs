using AccessTokens;
using Accounts;
using Microsoft.Extensions.Options;
using Oidc;

namespace IdentityProvider;

public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            if (args is ["keys", "rewrap", .. var settings])
            {
                await RewrapKeysAsync(settings);
            }
            else
            {
                await Build(args).RunAsync();
            }

            return 0;
        }
        catch (Exception refusal) when (refusal is StartRefusedException or OptionsValidationException)
        {
            // Said to the person who starts it: what to change, not where it was noticed.
            await Console.Error.WriteLineAsync(refusal.Message);
            return 1;
        }
    }

    private static async Task RewrapKeysAsync(string[] settings)
    {
        await using var host = Build(settings);
        foreach (var line in await host.Services.GetRequiredService<KeyRewrap>().RunAsync(CancellationToken.None))
        {
            await Console.Out.WriteLineAsync(line);
        }
    }

    /// <summary>The composed host, not yet started: what <c>Main</c> runs and what the tests start in their own process.</summary>
    public static WebApplication Build(string[] args) => Build(args, _ => { });

    /// <param name="replace">Lets a test put its own clock or outside service in a real one's place.</param>
    internal static WebApplication Build(string[] args, Action<IServiceCollection> replace)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddSecretsFolder();
        var settings = ProviderSettings.Read(builder.Configuration, builder.Environment.IsDevelopment());
        builder.ConfigureLogging(settings);
        builder.WebHost.ConfigureServer(settings);
        builder.Services.AddProvider(settings).AddAccounts<IdentityDb>(builder.Configuration).AddSignInPages().AddJsonApi(settings);
        replace(builder.Services);
        builder.Services.ShareClock();

        var app = builder.Build();
        app.UseTrustedProxies(settings);
        app.UseRequestTelemetry();
        app.UseRequestIds();
        app.UseOidcDocuments();
        app.UseRequestLogScope();
        app.UseIssuerAddress(settings);
        app.UseOidc(KeyValuePair.Create<string, RequestDelegate>(OtpEndpoint.Path, app.Services.GetRequiredService<OtpEndpoint>().HandleAsync));
        app.UseAuthentication();
        app.UseRouting();
        app.UseSignInPages();
        app.UseJsonApi();
        Health.Map(app);
        return app;
    }
}
