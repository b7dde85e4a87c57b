using Harness;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Accounts.Tests;

public sealed class AccountsRegistrationTests
{
    [Fact]
    public void Puts_everything_together()
    {
        using var host = ServiceHost.Build(null, new ManualTime());
        using var scope = host.CreateScope();
        scope.ServiceProvider.GetRequiredService<OneTimeCodes>().ShouldNotBeNull();
        scope.ServiceProvider.GetRequiredService<PasswordSignIn>().ShouldNotBeNull();
        scope.ServiceProvider.GetRequiredService<AccountCreation>().ShouldNotBeNull();
        scope.ServiceProvider.GetRequiredService<UserManager<Person>>().ShouldNotBeNull();
        scope.ServiceProvider.GetRequiredService<RoleManager<Role>>().ShouldNotBeNull();
        scope.ServiceProvider.GetRequiredService<AccountsDb>().ShouldBeSameAs(scope.ServiceProvider.GetRequiredService<TestDb>());
        scope.ServiceProvider.GetRequiredService<IPasswordHasher<Person>>().ShouldBeOfType<Argon2PasswordHasher>();
        scope.ServiceProvider.GetServices<IHostedService>().ShouldContain(service => service is MailDispatcher);
    }

    [Theory]
    [InlineData("OneTimeCodes:Lifetime", "00:00:01", "OneTimeCodes:Lifetime must lie between 30 seconds and 10 minutes.")]
    [InlineData("OneTimeCodes:PerAddress", "often", "OneTimeCodes:PerAddress must be a list of rates such as “1/60s, 5/h”.")]
    [InlineData("OneTimeCodes:PerIp", "5", "OneTimeCodes:PerIp must be a list of rates such as “20/min, 100/h”.")]
    [InlineData("OneTimeCodes:Guesses", "10/h",
        "OneTimeCodes:Guesses must be a number for each challenge and rates for each address, such as “5, 10/h, 20/d”.")]
    [InlineData("Lockout:Attempts", "0", "Lockout:Attempts must lie between 1 and 100.")]
    [InlineData("Lockout:Duration", "2.00:00:00", "Lockout:Duration must lie between 1 second and 1 day.")]
    [InlineData("Lockout:PerAccount", "x", "Lockout:PerAccount must be a list of rates such as “50/h”.")]
    [InlineData("Smtp:Host", "", "Smtp:Host must name the mail server.")]
    [InlineData("Smtp:Port", "0", "Smtp:Port must be a port number, such as 465 or 587.")]
    [InlineData("Smtp:From", "nobody", "Smtp:From must be an address such as “no-reply@example.com” or “Product <no-reply@example.com>”.")]
    [InlineData("Smtp:User", "user", "Smtp:User and Smtp:Pass must be set together.")]
    [InlineData("Smtp:TrustedCa", "/nowhere.pem", "Smtp:TrustedCa must be a readable PEM file.")]
    [InlineData("Smtp:Timeout", "00:10:00", "Smtp:Timeout must lie between 1 second and 2 minutes.")]
    public void Refuses_at_start_what_cannot_be_obeyed(string key, string value, string sentence)
    {
        using var host = ServiceHost.Build(null, new ManualTime(), (key, value));
        var refusal = Should.Throw<OptionsValidationException>(() => host.GetRequiredService<IStartupValidator>().Validate());
        refusal.Failures.ShouldContain(sentence);
    }

    [Fact]
    public void Wants_a_sender_when_the_user_is_no_address()
    {
        using var host = ServiceHost.Build(null, new ManualTime(), ("Smtp:User", "user"), ("Smtp:Pass", "secret"));
        Should.Throw<OptionsValidationException>(() => host.GetRequiredService<IStartupValidator>().Validate())
            .Failures.ShouldBe(["Smtp:From must be set, because Smtp:User is no e-mail address."]);
    }

    [Fact]
    public void The_defaults_are_good()
    {
        using var host = ServiceHost.Build(null, new ManualTime());
        host.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public void Takes_the_seeds_names_for_the_mail_server()
    {
        using var host = ServiceHost.Build(null, new ManualTime(),
            ("SMTP_HOST", "smtp.example.com"), ("SMTP_USER", "me@example.com"), ("SMTP_PASS", "secret"));
        var smtp = host.GetRequiredService<IOptions<SmtpOptions>>().Value;
        (smtp.Host, smtp.User, smtp.Pass).ShouldBe(("smtp.example.com", "me@example.com", "secret"));
        smtp.Sender.Address.ShouldBe("me@example.com");
    }

    [Fact]
    public void Our_own_names_win_over_the_seeds()
    {
        using var host = ServiceHost.Build(null, new ManualTime(),
            ("SMTP_HOST", "seed.example.com"), ("Smtp:Host", "smtp.example.com"), ("SMTP_PASS", "secret"),
            ("SMTP_USER", "seed@example.com"), ("Smtp:User", "user@example.com"));
        var smtp = host.GetRequiredService<IOptions<SmtpOptions>>().Value;
        (smtp.Host, smtp.User, smtp.Pass).ShouldBe(("smtp.example.com", "user@example.com", "secret"));
    }
}
