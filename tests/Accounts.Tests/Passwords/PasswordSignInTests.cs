using System.Net;

namespace Accounts.Tests;

public sealed class PasswordSignInTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>
{
    // Cheap to judge, so that many guesses take no time; what a strong hash costs is another test's matter.
    private const string Right = Argon2Vectors.WeakPassword;
    private const string Wrong = "wrong horse battery";

    private readonly Rooms _rooms = new(database);
    private readonly IPAddress _ip = Rooms.NewIp();

    [Fact]
    public async Task The_right_password_signs_in_and_is_noted()
    {
        var person = await AddPersonAsync();
        (await TryAsync(person.Email!, Right)).ShouldBe(new PasswordOutcome.SignedIn(person.Id));
        (await ReloadAsync(person)).LastLoginAt.ShouldBe(_rooms.Time.Now);
    }

    [Theory]
    [InlineData(" ALICE-{0} ")]
    [InlineData("ａｌｉｃｅ-{0}")]
    public async Task Takes_the_address_however_it_is_written(string written)
    {
        var address = Rooms.NewAddress();
        var person = await AddPersonAsync(p => p.Email = $"alice-{address}");
        (await TryAsync(string.Format(written, address), Right)).ShouldBe(new PasswordOutcome.SignedIn(person.Id));
    }

    [Fact]
    public async Task Takes_the_phone_number_too()
    {
        var person = await AddPersonAsync(p => p.PhoneNumber = "+8613800138005");
        (await TryAsync("138 0013 8005", Right)).ShouldBe(new PasswordOutcome.SignedIn(person.Id));
    }

    [Fact]
    public async Task Refuses_a_wrong_password() =>
        (await TryAsync((await AddPersonAsync()).Email!, Wrong)).ShouldBeOfType<PasswordOutcome.Refused>();

    [Theory]
    [InlineData("nobody@example.com")]
    [InlineData("+8613900139000")]
    [InlineData("nobody")]
    [InlineData("")]
    public async Task Refuses_who_is_unknown(string identifier) =>
        (await TryAsync(identifier, Right)).ShouldBeOfType<PasswordOutcome.Refused>();

    [Fact]
    [Trait("Advisory", "GO-2025-4137")]
    [Trait("Advisory", "GO-2025-3822")]
    public async Task A_disabled_person_looks_like_a_wrong_password()
    {
        var person = await AddPersonAsync(p => p.DisabledAt = _rooms.Time.Now);
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.Refused>();
        (await ReloadAsync(person)).LastLoginAt.ShouldBeNull();
    }

    [Fact]
    public async Task Tells_an_account_without_a_password_from_a_wrong_one()
    {
        var person = await AddPersonAsync(p => p.PasswordHash = null);
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.NoPassword>();
    }

    [Fact]
    public async Task A_disabled_account_without_a_password_is_a_wrong_password()
    {
        var person = await AddPersonAsync(p => (p.PasswordHash, p.DisabledAt) = (null, _rooms.Time.Now));
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.Refused>();
    }

    [Fact]
    public async Task Refuses_more_than_256_characters_without_counting()
    {
        var person = await AddPersonAsync();
        for (var i = 0; i < 10; i++)
        {
            (await TryAsync(person.Email!, new string('a', 257))).ShouldBeOfType<PasswordOutcome.Refused>();
        }

        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.SignedIn>();
    }

    [Fact]
    [Trait("Advisory", "CVE-2026-9798")]
    [Trait("Advisory", "CVE-2026-16103")]
    public async Task Five_wrong_passwords_lock_account_and_ip_for_a_quarter_of_an_hour()
    {
        var person = await AddPersonAsync();
        await FailAsync(person.Email!, 5);
        (await TryAsync(person.Email!, Right)).ShouldBe(new PasswordOutcome.Locked(_rooms.Time.Now.AddMinutes(15)));
        _rooms.Time.Advance(TimeSpan.FromMinutes(15));
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.SignedIn>();
    }

    [Fact]
    public async Task A_locked_pair_leaves_other_addresses_open()
    {
        var person = await AddPersonAsync();
        await FailAsync(person.Email!, 5);
        (await TryAsync(person.Email!, Right, ip: Rooms.NewIp())).ShouldBeOfType<PasswordOutcome.SignedIn>();
    }

    [Fact]
    public async Task Email_and_phone_share_one_budget()
    {
        var person = await AddPersonAsync(p => p.PhoneNumber = "+8613800138006");
        await FailAsync(person.Email!, 3);
        await FailAsync(person.PhoneNumber!, 2);
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.Locked>();
    }

    [Fact]
    public async Task Who_is_unknown_is_locked_alike()
    {
        var nobody = Rooms.NewAddress();
        await FailAsync(nobody, 5);
        (await TryAsync(nobody, Right)).ShouldBe(new PasswordOutcome.Locked(_rooms.Time.Now.AddMinutes(15)));
    }

    [Fact]
    public async Task Locked_attempts_do_not_lengthen_the_lock()
    {
        var person = await AddPersonAsync();
        await FailAsync(person.Email!, 5);
        var lockedUntil = _rooms.Time.Now.AddMinutes(15);
        _rooms.Time.Advance(TimeSpan.FromMinutes(10));
        (await TryAsync(person.Email!, Wrong)).ShouldBe(new PasswordOutcome.Locked(lockedUntil));
    }

    [Fact]
    public async Task The_right_password_clears_the_count()
    {
        var person = await AddPersonAsync();
        await FailAsync(person.Email!, 4);
        await TryAsync(person.Email!, Right);
        await FailAsync(person.Email!, 4);
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.SignedIn>();
    }

    [Fact]
    public async Task Fifty_wrong_passwords_from_anywhere_close_the_account_but_for_known_devices()
    {
        var person = await AddPersonAsync();
        for (var i = 0; i < 10; i++)
        {
            await FailAsync(person.Email!, 5, Rooms.NewIp());
        }

        (await TryAsync(person.Email!, Right, ip: Rooms.NewIp())).ShouldBe(new PasswordOutcome.Locked(_rooms.Time.Now.AddHours(1)));
        (await TryAsync(person.Email!, Right, ip: Rooms.NewIp(), knownDevice: true)).ShouldBeOfType<PasswordOutcome.SignedIn>();
        _rooms.Time.Advance(TimeSpan.FromHours(1));
        (await TryAsync(person.Email!, Right, ip: Rooms.NewIp())).ShouldBeOfType<PasswordOutcome.SignedIn>();
    }

    [Fact]
    public async Task The_owners_sign_in_gives_a_guesser_no_fresh_budget()
    {
        var person = await AddPersonAsync();
        for (var i = 0; i < 10; i++)
        {
            await FailAsync(person.Email!, 5, Rooms.NewIp());
        }

        await TryAsync(person.Email!, Right, knownDevice: true);
        (await TryAsync(person.Email!, Right, ip: Rooms.NewIp())).ShouldBeOfType<PasswordOutcome.Locked>();
    }

    [Fact]
    public async Task Of_a_hundred_parallel_wrong_passwords_five_are_judged()
    {
        var person = await AddPersonAsync();
        // As if from many nodes: each has its own queue of turns.
        var attempt = new PasswordAttempt(person.Email!, Wrong, _ip, false);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() =>
            new Rooms(database, _rooms.Time).SignIn.TryAsync(attempt, CancellationToken.None))));
        outcomes.Count(outcome => outcome is PasswordOutcome.Refused).ShouldBe(5);
        outcomes.Count(outcome => outcome is PasswordOutcome.Locked).ShouldBe(95);
    }

    [Fact]
    public async Task Parallel_right_passwords_lock_nobody_out()
    {
        var person = await AddPersonAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => TryAsync(person.Email!, Right))));
        outcomes.ShouldAllBe(outcome => outcome is PasswordOutcome.SignedIn);
    }

    [Fact]
    public async Task Rehashes_a_weak_hash_and_leaves_a_strong_one()
    {
        var person = await AddPersonAsync(p => p.PasswordHash = Argon2Vectors.WeakHash);
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.SignedIn>();
        var strong = (await ReloadAsync(person)).PasswordHash.ShouldNotBeNull();
        strong.ShouldStartWith("$argon2id$v=19$m=19456,t=2,p=1$");

        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.SignedIn>();
        (await ReloadAsync(person)).PasswordHash.ShouldBe(strong);
    }

    [Fact]
    public async Task Reports_a_lock_and_a_closing()
    {
        var person = await AddPersonAsync();
        await FailAsync(person.Email!, 5);
        (await EventsAsync(person)).ShouldBe("password.locked");
        for (var i = 0; i < 9; i++)
        {
            await FailAsync(person.Email!, 5, Rooms.NewIp());
        }

        (await EventsAsync(person))!.Split(' ').Count(e => e == "password.closed").ShouldBe(1);
    }

    [Fact]
    public async Task A_full_queue_puts_off_and_counts_nothing()
    {
        var person = await AddPersonAsync();
        using var busy = new Passwords(new HashingQueue(cores: 1, places: 0));
        var release = new TaskCompletionSource();
        var holding = new TaskCompletionSource();
        var holder = Task.Run(() => busy.Run(() =>
        {
            holding.SetResult();
            release.Task.Wait();
        }));
        await holding.Task;
        var attempt = new PasswordAttempt(person.Email!, Wrong, _ip, false);
        for (var i = 0; i < 10; i++)
        {
            (await _rooms.SignInWith(busy).TryAsync(attempt, CancellationToken.None)).ShouldBeOfType<PasswordOutcome.Busy>();
        }

        release.SetResult();
        await holder;
        (await TryAsync(person.Email!, Right)).ShouldBeOfType<PasswordOutcome.SignedIn>();
    }

    private Task<PasswordOutcome> TryAsync(string identifier, string password, IPAddress? ip = null, bool knownDevice = false) =>
        _rooms.SignIn.TryAsync(new PasswordAttempt(identifier, password, ip ?? _ip, knownDevice), CancellationToken.None);

    private async Task FailAsync(string identifier, int times, IPAddress? ip = null)
    {
        for (var i = 0; i < times; i++)
        {
            (await TryAsync(identifier, Wrong, ip)).ShouldBeOfType<PasswordOutcome.Refused>();
        }
    }

    private Task<string?> EventsAsync(Person person) =>
        database.ScalarAsync<string>($"select string_agg(event, ' ' order by id) from audit where person_id = '{person.Id}'");

    private async Task<Person> AddPersonAsync(Action<Person>? change = null)
    {
        var person = new Person(_rooms.Time.Now) { Email = Rooms.NewAddress(), PasswordHash = Argon2Vectors.WeakHash };
        change?.Invoke(person);
        person.NormalizedEmail = person.Email;
        await using var db = database.Open(_rooms.Time);
        db.Add(person);
        await db.SaveChangesAsync();
        return person;
    }

    private async Task<Person> ReloadAsync(Person person)
    {
        await using var db = database.Open(_rooms.Time);
        return (await db.Users.FindAsync(person.Id)).ShouldNotBeNull();
    }
}
