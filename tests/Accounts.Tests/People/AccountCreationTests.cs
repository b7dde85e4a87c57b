using Harness;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Accounts.Tests;

public sealed class AccountCreationTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>, IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private ServiceProvider? _host;

    private ServiceProvider Services => _host ??= ServiceHost.Build(database, _time);

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Makes_the_account_of_a_proven_address()
    {
        var address = Rooms.NewAddress();
        var created = (await CreateAsync(address, "$argon2id$…", "Alice", "zh-CN")).ShouldBeOfType<CreationOutcome.Created>();
        await using var db = database.Open(_time);
        var person = (await db.Users.FindAsync(created.PersonId)).ShouldNotBeNull();
        person.Email.ShouldBe(address);
        person.EmailVerifiedAt.ShouldBe(_time.Now);
        person.EmailConfirmed.ShouldBeTrue();
        person.PasswordHash.ShouldBe("$argon2id$…");
        (person.Name, person.Locale, person.Disabled, person.Origin).ShouldBe(("Alice", "zh-CN", false, null));
        (person.CreatedAt, person.LastLoginAt).ShouldBe((_time.Now, _time.Now));
        person.Subject.ShouldBe(person.Id.ToString());
        person.Id.Version.ShouldBe(7);
        person.SecurityStamp.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Says_that_the_address_has_an_account()
    {
        var address = Rooms.NewAddress();
        var created = (await CreateAsync(address)).ShouldBeOfType<CreationOutcome.Created>();
        (await CreateAsync(address)).ShouldBe(new CreationOutcome.Exists(created.PersonId, Enabled: true));
        await database.ExecuteAsync($"update people set disabled_at = created_at where id = '{created.PersonId}'");
        (await CreateAsync(address)).ShouldBe(new CreationOutcome.Exists(created.PersonId, Enabled: false));
    }

    [Fact]
    public async Task Of_forty_parallel_creations_one_creates_and_all_name_the_same_person()
    {
        var address = Rooms.NewAddress();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => CreateAsync(address))));
        var created = outcomes.OfType<CreationOutcome.Created>().ShouldHaveSingleItem();
        outcomes.OfType<CreationOutcome.Exists>().ShouldAllBe(outcome => outcome.PersonId == created.PersonId && outcome.Enabled);
        (await database.ScalarAsync<long>($"select count(*) from people where email = '{address}'")).ShouldBe(1);
    }

    [Fact]
    public async Task Losing_the_race_leaves_the_callers_own_changes_alone()
    {
        await using var scope = Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccountsDb>();
        var address = Rooms.NewAddress();
        var other = new Person(_time.Now) { Email = Rooms.NewAddress() };
        other.NormalizedEmail = other.Email;
        db.Add(other);
        await db.SaveChangesAsync();
        other.Name = "Bob";
        await CreateAsync(address);
        await scope.ServiceProvider.GetRequiredService<AccountCreation>().CreateAsync(address, null, null, null, CancellationToken.None);
        db.Entry(other).State.ShouldBe(EntityState.Modified);
    }

    [Fact]
    public async Task Is_audited_in_the_same_transaction()
    {
        var address = Rooms.NewAddress();
        var created = (await CreateAsync(address)).ShouldBeOfType<CreationOutcome.Created>();
        (await database.ScalarAsync<string>($"select event || ' ' || address_masked from audit where person_id = '{created.PersonId}'"))
            .ShouldBe($"account.created {address[0]}***@example.com");
    }

    [Fact]
    public async Task Identity_finds_the_account_under_every_spelling()
    {
        var address = Rooms.NewAddress();
        var created = (await CreateAsync(address)).ShouldBeOfType<CreationOutcome.Created>();
        await using var scope = Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        (await people.FindByEmailAsync($" {address.ToUpperInvariant()}")).ShouldNotBeNull().Id.ShouldBe(created.PersonId);
    }

    [Fact]
    public async Task Identity_takes_people_who_have_only_a_phone()
    {
        await using var scope = Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var teacher = new Person(_time.Now) { PhoneNumber = "+8613800138000", PhoneVerifiedAt = _time.Now };
        (await people.CreateAsync(teacher, "Development-1")).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Identity_sets_and_checks_passwords_by_Argon2id()
    {
        var created = (await CreateAsync(Rooms.NewAddress())).ShouldBeOfType<CreationOutcome.Created>();
        await using var scope = Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
        var person = (await people.FindByIdAsync(created.PersonId.ToString())).ShouldNotBeNull();
        (await people.AddPasswordAsync(person, "short")).Errors.ShouldHaveSingleItem().Code.ShouldBe("TooShort");
        (await people.AddPasswordAsync(person, "password1")).Errors.ShouldHaveSingleItem().Code.ShouldBe("TooCommon");
        (await people.AddPasswordAsync(person, "Development-1")).Succeeded.ShouldBeTrue();
        person.PasswordHash.ShouldNotBeNull().ShouldStartWith("$argon2id$");
        (await people.CheckPasswordAsync(person, "Development-1")).ShouldBeTrue();
        (await people.CheckPasswordAsync(person, "Development-2")).ShouldBeFalse();
    }

    private async Task<CreationOutcome> CreateAsync(string address, string? hash = null, string? name = null, string? locale = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<AccountCreation>();
        return await accounts.CreateAsync(address, hash, name, locale, CancellationToken.None);
    }
}
