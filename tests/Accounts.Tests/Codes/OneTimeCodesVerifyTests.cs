namespace Accounts.Tests;

public sealed class OneTimeCodesVerifyTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>
{
    private readonly Rooms _rooms = new(database);

    private Asker NewAsker(CodePurpose purpose = CodePurpose.SignIn) => new(database, _rooms) { Purpose = purpose };

    [Fact]
    public async Task The_mailed_code_proves_the_address()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge)))
            .ShouldBe(new VerifyOutcome.Proven(asker.Address, null, null, false));
    }

    [Fact]
    public async Task Names_the_person_whose_address_it_is()
    {
        var asker = NewAsker();
        var person = await AddPersonAsync(asker.Address, disabled: false);
        var sent = await asker.SentAsync();
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge)))
            .ShouldBe(new VerifyOutcome.Proven(asker.Address, null, person, true));
    }

    [Theory]
    [InlineData(CodePurpose.SignIn, true)]
    [InlineData(CodePurpose.PasswordReset, false)]
    public async Task A_sign_in_is_noted(CodePurpose purpose, bool noted)
    {
        var asker = NewAsker(purpose);
        var person = await AddPersonAsync(asker.Address, disabled: false);
        var sent = await asker.SentAsync();
        await asker.TryAsync(sent.Challenge, await asker.WrongCodeAsync(sent.Challenge));
        (await LastLoginAsync(person)).ShouldBeNull();
        await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge));
        (await LastLoginAsync(person)).ShouldBe(noted ? _rooms.Time.Now : null);
    }

    [Fact]
    public async Task Says_when_that_person_is_disabled()
    {
        var asker = NewAsker();
        var person = await AddPersonAsync(asker.Address, disabled: true);
        var sent = await asker.SentAsync();
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge)))
            .ShouldBe(new VerifyOutcome.Proven(asker.Address, null, person, false));
    }

    [Fact]
    public async Task Gives_back_the_password_hash_of_the_request()
    {
        var asker = NewAsker(CodePurpose.SignUp);
        var sent = (await _rooms.Codes.SendAsync(asker.Request with { PasswordHash = "$argon2id$…" }, CancellationToken.None))
            .ShouldBeOfType<SendOutcome.Sent>();
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge)))
            .ShouldBeOfType<VerifyOutcome.Proven>().PasswordHash.ShouldBe("$argon2id$…");
    }

    [Fact]
    public async Task A_code_works_once()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        var code = await asker.ReadCodeAsync(sent.Challenge);
        (await asker.TryAsync(sent.Challenge, code)).ShouldBeOfType<VerifyOutcome.Proven>();
        (await asker.TryAsync(sent.Challenge, code)).ShouldBeOfType<VerifyOutcome.Unknown>();
    }

    [Fact]
    public async Task Of_a_hundred_parallel_right_codes_one_succeeds()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        var code = await asker.ReadCodeAsync(sent.Challenge);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => asker.TryAsync(sent.Challenge, code))));
        outcomes.Count(outcome => outcome is VerifyOutcome.Proven).ShouldBe(1);
        outcomes.Count(outcome => outcome is VerifyOutcome.Unknown).ShouldBe(99);
    }

    [Fact]
    public async Task Works_to_the_last_moment_of_its_five_minutes()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        sent.ExpiresAt.ShouldBe(_rooms.Time.Now + TimeSpan.FromMinutes(5));
        _rooms.Time.Now = sent.ExpiresAt - TimeSpan.FromMilliseconds(1);
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge))).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task Refuses_an_expired_code()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        _rooms.Time.Now = sent.ExpiresAt;
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge))).ShouldBeOfType<VerifyOutcome.Expired>();
    }

    [Fact]
    public async Task Refuses_a_code_written_under_another_key()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        var code = await asker.ReadCodeAsync(sent.Challenge);
        await database.ExecuteAsync("update challenges set key_version = 0");
        (await asker.TryAsync(sent.Challenge, code)).ShouldBeOfType<VerifyOutcome.Expired>();
    }

    [Fact]
    public async Task Refuses_the_right_code_from_another_browser()
    {
        var asker = NewAsker();
        await RefusesAsync(asker, attempt => attempt with { BoundTo = [1, 2, 3] });
    }

    [Fact]
    public Task Refuses_the_right_code_for_another_purpose() =>
        RefusesAsync(NewAsker(CodePurpose.SignIn), attempt => attempt with { Purpose = CodePurpose.PasswordReset });

    [Fact]
    public Task Refuses_the_right_code_on_another_surface() => RefusesAsync(NewAsker(), attempt => attempt with { Surface = Surface.Json });

    [Fact]
    public Task Refuses_the_right_code_for_another_address() =>
        RefusesAsync(NewAsker(), attempt => attempt with { Address = "somebody@example.com" });

    [Fact]
    public Task Refuses_the_right_code_for_what_is_no_address() => RefusesAsync(NewAsker(), attempt => attempt with { Address = "nobody" });

    [Theory]
    [InlineData("")]
    [InlineData("ch_")]
    [InlineData("ac_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ch_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Refuses_a_handle_it_never_gave(string challenge) =>
        (await NewAsker().TryAsync(challenge, "123456")).ShouldBeOfType<VerifyOutcome.Unknown>();

    [Fact]
    public async Task Accepts_the_address_named_again_however_it_is_written()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        var right = asker.Attempt(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge));
        var attempt = right with { Address = $" {asker.Address.ToUpperInvariant()} " };
        (await _rooms.Codes.VerifyAsync(attempt, CancellationToken.None)).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task Counts_down_and_kills_the_challenge_at_the_fifth_wrong_guess()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        var wrong = await asker.WrongCodeAsync(sent.Challenge);
        for (var left = 4; left >= 0; left--)
        {
            (await asker.TryAsync(sent.Challenge, wrong)).ShouldBe(new VerifyOutcome.Wrong(left));
        }

        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge))).ShouldBe(new VerifyOutcome.Spent(sent.ResendAt));
    }

    [Fact]
    public async Task What_holds_no_six_digits_costs_no_try()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        for (var i = 0; i < 7; i++)
        {
            (await asker.TryAsync(sent.Challenge, "12345")).ShouldBe(new VerifyOutcome.Wrong(5));
        }

        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge))).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task Of_a_hundred_parallel_wrong_codes_five_are_judged()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        var wrong = await asker.WrongCodeAsync(sent.Challenge);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => asker.TryAsync(sent.Challenge, wrong))));
        outcomes.OfType<VerifyOutcome.Wrong>().Select(outcome => outcome.TriesLeft).Order().ShouldBe([0, 1, 2, 3, 4]);
        outcomes.Count(outcome => outcome is VerifyOutcome.Spent).ShouldBe(95);
    }

    [Fact]
    [Trait("Advisory", "CVE-2025-64102")]
    [Trait("Advisory", "CVE-2026-33640")]
    [Trait("Advisory", "CVE-2026-8760")]
    public async Task Ten_wrong_guesses_an_hour_close_the_address_whatever_is_sent_anew()
    {
        var asker = NewAsker();
        await asker.GuessWrongAsync(10);
        var lastGuess = _rooms.Time.Now;
        _rooms.Time.Advance(TimeSpan.FromSeconds(61));
        var sent = await asker.SentAsync();
        var outcome = (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge)))
            .ShouldBeOfType<VerifyOutcome.Limited>();
        outcome.RetryAt.ShouldBeInRange(_rooms.Time.Now, lastGuess + TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Tries_left_tell_of_the_address_when_that_is_less()
    {
        var asker = NewAsker();
        await asker.GuessWrongAsync(8);
        _rooms.Time.Advance(TimeSpan.FromSeconds(61));
        var sent = await asker.SentAsync();
        (await asker.TryAsync(sent.Challenge, await asker.WrongCodeAsync(sent.Challenge))).ShouldBe(new VerifyOutcome.Wrong(1));
    }

    [Fact]
    public async Task Budgets_count_across_purposes_and_browsers()
    {
        var address = Rooms.NewAddress();
        foreach (var purpose in Enum.GetValues<CodePurpose>().Take(2))
        {
            await new Asker(database, _rooms) { Address = address, Purpose = purpose }.GuessWrongAsync(5);
        }

        _rooms.Time.Advance(TimeSpan.FromSeconds(61));
        var asker = new Asker(database, _rooms) { Address = address, Purpose = CodePurpose.PasswordReset };
        var sent = await asker.SentAsync();
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge))).ShouldBeOfType<VerifyOutcome.Limited>();
    }

    [Fact]
    public async Task The_address_opens_again_after_an_hour_but_not_after_twenty_guesses_a_day()
    {
        var asker = NewAsker();
        await asker.GuessWrongAsync(10);
        _rooms.Time.Advance(TimeSpan.FromHours(1));
        await asker.GuessWrongAsync(10);
        _rooms.Time.Advance(TimeSpan.FromHours(2));
        var sent = await asker.SentAsync();
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge))).ShouldBeOfType<VerifyOutcome.Limited>();
        _rooms.Time.Advance(TimeSpan.FromHours(22));
        var later = await asker.SentAsync();
        (await asker.TryAsync(later.Challenge, await asker.ReadCodeAsync(later.Challenge))).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task A_closed_address_stays_open_to_its_known_devices()
    {
        var stranger = NewAsker();
        await stranger.GuessWrongAsync(10);
        _rooms.Time.Advance(TimeSpan.FromSeconds(61));
        var owner = new Asker(database, _rooms) { Address = stranger.Address, KnownDevice = true };
        var sent = await owner.SentAsync();
        (await owner.TryAsync(sent.Challenge, await owner.ReadCodeAsync(sent.Challenge))).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task A_device_known_only_when_it_types_does_not_open_a_closed_address()
    {
        var asker = NewAsker();
        await asker.GuessWrongAsync(10);
        _rooms.Time.Advance(TimeSpan.FromSeconds(61));
        var sent = await asker.SentAsync();
        var attempt = asker.Attempt(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge)) with { KnownDevice = true };
        (await _rooms.Codes.VerifyAsync(attempt, CancellationToken.None)).ShouldBeOfType<VerifyOutcome.Limited>();
    }

    [Fact]
    public async Task Parallel_guesses_at_several_challenges_share_the_addresss_budget()
    {
        var rooms = new Rooms(database, codes: new OneTimeCodeOptions { PerAddress = "100/h" });
        var asker = new Asker(database, rooms);
        var challenges = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => asker.SentAsync()));
        var wrong = await Task.WhenAll(challenges.Select(async sent => (sent.Challenge, Code: await asker.WrongCodeAsync(sent.Challenge))));
        var outcomes = await Task.WhenAll(wrong.SelectMany(guess => Enumerable.Repeat(guess, 5))
            .Select(guess => Task.Run(() => asker.TryAsync(guess.Challenge, guess.Code))));
        outcomes.Count(outcome => outcome is VerifyOutcome.Wrong).ShouldBe(10);
    }

    [Fact]
    public async Task Reports_what_was_used_up_without_naming_the_address()
    {
        var asker = NewAsker();
        await asker.GuessWrongAsync(5);
        var events = $"""
            select string_agg(concat_ws(' ', event, host(ip), address_masked), ',')
            from audit where address_hash = sha256('{asker.Address}')
            """;
        (await database.ScalarAsync<string>(events)).ShouldBe($"code.spent {asker.Ip} {asker.Address[0]}***@example.com");
        await asker.GuessWrongAsync(5);
        var reported = (await database.ScalarAsync<string>(events)).ShouldNotBeNull().Split(',');
        reported.Count(entry => entry.StartsWith("code.closed", StringComparison.Ordinal)).ShouldBe(1);
    }

    private async Task RefusesAsync(Asker asker, Func<CodeAttempt, CodeAttempt> change)
    {
        var sent = await asker.SentAsync();
        var right = asker.Attempt(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge));
        (await _rooms.Codes.VerifyAsync(change(right), CancellationToken.None)).ShouldBeOfType<VerifyOutcome.Unknown>();
        (await _rooms.Codes.VerifyAsync(right, CancellationToken.None)).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    private async Task<DateTimeOffset?> LastLoginAsync(Guid id)
    {
        await using var db = database.Open(_rooms.Time);
        return (await db.Users.FindAsync(id)).ShouldNotBeNull().LastLoginAt;
    }

    private async Task<Guid> AddPersonAsync(string address, bool disabled)
    {
        await using var db = database.Open(_rooms.Time);
        var now = _rooms.Time.Now;
        var person = new Person(now) { Email = address, NormalizedEmail = address, DisabledAt = disabled ? now : null };
        db.Add(person);
        await db.SaveChangesAsync();
        return person.Id;
    }
}
