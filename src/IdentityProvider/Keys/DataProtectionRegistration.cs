using System.Reflection;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using Npgsql;

namespace IdentityProvider;

/// <summary>Cookies, antiforgery and sealed state: one ring for all nodes.</summary>
internal static class DataProtectionRegistration
{
    // CVE-2026-40372: 10.0.0 to 10.0.6 checked the MAC wrongly, so that cookies could be forged.
    private static readonly Version FirstSound = new(10, 0, 7);

    public static IServiceCollection AddDataProtectionOnPostgres(this IServiceCollection services)
    {
        // A fixed name, or a ring would be of use to nodes in folders of the same name only.
        services.AddDataProtection().SetApplicationName("identity");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = new DataProtectionKeyRepository(provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<TimeProvider>());
            options.XmlEncryptor = new KekXmlEncryptor(provider.GetRequiredService<KeyEncryptionKey>());
        }));
        return services;
    }

    /// <exception cref="StartRefusedException">The runtime brings a version known to be forgeable.</exception>
    public static void RefuseForgeableRuntime() => RefuseForgeable(
        typeof(DataProtectionOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);

    internal static void RefuseForgeable(string? informationalVersion)
    {
        var number = informationalVersion?.Split('+', '-')[0];
        if (!Version.TryParse(number, out var version) || version < FirstSound)
        {
            throw new StartRefusedException($"This ASP.NET Core runtime ({number ?? "of unknown version"}) lets cookies be forged (CVE-2026-40372): update it to 10.0.7 or newer.");
        }
    }

    /// <summary>Reads the ring, and makes its first key where there is none: one node at a time, so that a fresh database gets one.</summary>
    public static async Task LoadRingAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await using (var command = database.CreateCommand("select exists (select from data_protection_keys)"))
        {
            if (await command.ExecuteScalarAsync(cancellation) is true)
            {
                return;
            }
        }

        await using var held = await AdvisoryLock.TakeAsync(database, AdvisoryLock.DataProtection, cancellation);
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("start").Protect([]);
    }
}
