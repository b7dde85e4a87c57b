using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Accounts;

/// <summary>Registers this room.</summary>
public static class AccountsRegistration
{
    /// <summary>
    /// Adds people, passwords, codes and mail. The host registers beside it: an <c>NpgsqlDataSource</c>, its <typeparamref name="TDb"/>, the
    /// <see cref="AccountsKeys"/>, and the issuer's host name as <see cref="MailSite.Host"/>.
    /// </summary>
    public static IServiceCollection AddAccounts<TDb>(this IServiceCollection services, IConfiguration configuration) where TDb : AccountsDb
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<AccountsDb>(provider => provider.GetRequiredService<TDb>());
        services.AddIdentityCore<Person>(ConfigureIdentity).AddRoles<Role>().AddEntityFrameworkStores<TDb>();
        services.Replace(ServiceDescriptor.Singleton<ILookupNormalizer, AddressNormalizer>());
        services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Person>, Argon2PasswordHasher>());

        services.AddOptions<OneTimeCodeOptions>().Bind(configuration.GetSection("OneTimeCodes"));
        services.AddOptions<LockoutLimits>().Bind(configuration.GetSection("Lockout"));
        services.AddOptions<SmtpOptions>().Bind(configuration.GetSection("Smtp"));

        services.AddSingleton<Passwords>();
        services.AddSingleton<Audit>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<PasswordSignIn>();
        services.AddScoped<AccountCreation>();
        return services;
    }

    static void ConfigureIdentity(IdentityOptions options)
    {
        options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
        options.User.RequireUniqueEmail = true;
        // PasswordPolicy judges; Identity's rules of composition would only get in its way.
        options.Password.RequiredLength = PasswordPolicy.MinimumLength;
        options.Password.RequiredUniqueChars = 1;
        options.Password.RequireDigit = false;
        options.Password.RequireLowercase = false;
        options.Password.RequireUppercase = false;
        options.Password.RequireNonAlphanumeric = false;
    }
}
