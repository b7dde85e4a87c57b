using Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Accounts.Tests;

/// <summary>The registrations of a host.</summary>
internal static class ServiceHost
{
    public static ServiceProvider Build(AccountsDatabase? database, ManualTime time, params (string Key, string Value)[] settings)
    {
        var values = settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(Rooms.Keys);
        services.AddSingleton(_ => database?.Source ?? NpgsqlDataSource.Create("Host=127.0.0.1"));
        services.AddDbContext<TestDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddAccounts<TestDb>(configuration);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
