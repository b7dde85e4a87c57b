using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>Registers this room.</summary>
public static class AccountsRegistration
{
    /// <summary>
    /// Adds people, passwords, codes and mail. The host registers beside it: an <c>NpgsqlDataSource</c>, its <typeparamref name="TDb"/>,
    /// the <see cref="AccountsKeys"/>, and the issuer's host name as <see cref="MailSite.Host"/>.
    /// </summary>
    public static IServiceCollection AddAccounts<TDb>(this IServiceCollection services, IConfiguration configuration) where TDb : AccountsDb
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<AccountsDb>(provider => provider.GetRequiredService<TDb>());
        // RequireUniqueEmail stays off: an address is unique by its index, and Identity would insist that everybody has one.
        services.AddIdentityCore<Person>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .AddRoles<Role>().AddEntityFrameworkStores<TDb>();
        services.Replace(ServiceDescriptor.Singleton<ILookupNormalizer, AddressNormalizer>());
        services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<Person>, Argon2PasswordHasher>());
        services.Replace(ServiceDescriptor.Singleton<IPasswordValidator<Person>, PolicyPasswordValidator>());

        Bind<OneTimeCodeOptions, OneTimeCodeOptionsCheck>(services, configuration.GetSection("OneTimeCodes"));
        Bind<LockoutLimits, LockoutLimitsCheck>(services, configuration.GetSection("Lockout"));
        Bind<SmtpOptions, SmtpOptionsCheck>(services, configuration.GetSection("Smtp"))
            .Configure(smtp => ApplySeedNames(smtp, configuration));
        services.AddOptions<MailSite>().Configure(site => site.Name = configuration["Accounts:SiteName"] ?? site.Name);

        services.AddSingleton<Passwords>();
        services.AddSingleton<Audit>();
        services.AddSingleton<CodeMail>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<OneTimeCodes>();
        services.AddSingleton<PasswordSignIn>();
        services.AddHostedService<MailDispatcher>();
        services.AddScoped<AccountCreation>();
        return services;
    }

    private static OptionsBuilder<TOptions> Bind<TOptions, TCheck>(IServiceCollection services, IConfiguration section)
        where TOptions : class where TCheck : class, IValidateOptions<TOptions>
    {
        services.AddSingleton<IValidateOptions<TOptions>, TCheck>();
        return services.AddOptions<TOptions>().Bind(section).ValidateOnStart();
    }

    // The names the customer's documents use; Smtp:* wins.
    private static void ApplySeedNames(SmtpOptions smtp, IConfiguration configuration)
    {
        smtp.Host = configuration["Smtp:Host"] ?? configuration["SMTP_HOST"] ?? smtp.Host;
        smtp.User = string.IsNullOrEmpty(smtp.User) ? configuration["SMTP_USER"] : smtp.User;
        smtp.Pass = string.IsNullOrEmpty(smtp.Pass) ? configuration["SMTP_PASS"] : smtp.Pass;
    }
}
