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
        services.AddSingleton<RegistrationTokens>();
        services.AddSingleton<PasswordMail>();
        services.AddSingleton<PasswordChange>();
        services.AddSingleton<PasswordSignIn>();
        services.AddHostedService<MailDispatcher>();
        services.AddScoped<AccountCreation>();
        return services;
    }

    /// <summary>Everything wrong with the settings of this room, one sentence each that begins with the setting's name.</summary>
    public static IReadOnlyList<string> ProblemsOf(IConfiguration configuration)
    {
        var smtp = new SmtpOptions();
        return
        [
            .. Check(configuration.GetSection("OneTimeCodes"), new OneTimeCodeOptions(), new OneTimeCodeOptionsCheck()),
            .. Check(configuration.GetSection("Lockout"), new LockoutLimits(), new LockoutLimitsCheck()),
            .. Check(configuration.GetSection("Smtp"), smtp, new SmtpOptionsCheck(), () => ApplySeedNames(smtp, configuration)),
        ];
    }

    private static IEnumerable<string> Check<TOptions>(IConfigurationSection section, TOptions options, IValidateOptions<TOptions> check, Action? complete = null)
        where TOptions : class
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException)
        {
            // A value of the wrong type, which the host's catalogue of settings names.
            return [];
        }

        complete?.Invoke();
        return check.Validate(name: null, options).Failures ?? [];
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
