using Accounts;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>The provider's own parts, in the order a reader asks for them.</summary>
internal static class ProviderRegistration
{
    public static IServiceCollection AddProvider(this IServiceCollection services, ProviderSettings settings)
    {
        var kek = settings.Keks.Current;
        services.AddSingleton(settings).AddSingleton(settings.Keks).AddSingleton(kek).AddSingleton(TimeProvider.System);
        // Named, since metrics would otherwise be labelled with the connection string.
        services.AddSingleton(provider => new NpgsqlDataSourceBuilder(settings.Database) { Name = "identity" }.UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>()).Build());
        services.AddDbContext<IdentityDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));

        services.AddOidc(settings.Oidc, new KeyPeriods());
        services.AddSingleton<IGrantStore, GrantStore>().AddSingleton<ITokenStore, TokenStore>().AddSingleton<IAssertionStore, AssertionStore>();
        services.AddSingleton<IGrant, OtpGrant>().AddSingleton<OtpEndpoint>();
        services.AddSingleton<IssuanceQueue>().AddSingleton<IIssuanceAudit>(provider => provider.GetRequiredService<IssuanceQueue>());
        services.AddSingleton(new RefreshTokenChain(kek.Version, settings.Keks.Derive("refresh-chain")));
        services.AddSingleton(AccountsKeysOf(kek) with { AlsoRead = [.. settings.Keks.AlsoRead.Select(AccountsKeysOf)] });

        services.Configure<MailSite>(site => site.Host = new Uri(settings.Oidc.Issuer).Host);

        services.AddSingleton<SigningKeyStore>().AddSingleton<SigningKeyRing>().AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<SigningKeyRing>());
        services.AddDataProtectionOnPostgres().AddSingleton<KeyRewrap>();

        services.AddSingleton<ConfigurationStore>().AddSingleton<ConfigurationSnapshot>();
        services.AddSingleton<Oidc.IConfigurationSource>(provider => provider.GetRequiredService<ConfigurationSnapshot>());
        services.AddSingleton<ConfigurationApply>().AddSingleton<ConfiguredPeople>();

        services.AddSingleton<OutboundClient>().AddSingleton<IClientKeys, ClientKeySets>();
        services.AddSingleton<LogoutQueue>().AddHostedService<LogoutDispatcher>();

        services.AddSingleton<Health>();
        if (settings.TelemetryCollector is not null)
        {
            services.AddHostedService<TelemetryExport>();
        }

        services.AddHostedService<Startup>().AddHostedService<GracefulStop>().AddHostedService<ChangeListener>().AddHostedService<Cleaner>()
            .AddHostedService(provider => provider.GetRequiredService<IssuanceQueue>());
        return services;
    }

    private static AccountsKeys AccountsKeysOf(KeyEncryptionKey kek) => new(kek.Derive("one-time-codes"), kek.Derive("mail"), kek.Version);
}
