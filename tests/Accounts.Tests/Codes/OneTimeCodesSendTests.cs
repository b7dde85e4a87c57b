using System.Net;

namespace Accounts.Tests;

public sealed class OneTimeCodesSendTests(AccountsDatabase database) : IClassFixture<AccountsDatabase>
{
    private readonly Rooms _rooms = new(database);

    private Asker NewAsker() => new(database, _rooms);

    [Fact]
    public async Task Says_when_the_code_expires_and_the_next_may_be_asked_for()
    {
        var sent = await NewAsker().SentAsync();
        sent.Challenge.ShouldMatch("^ch_[A-Za-z0-9_-]{43}$");
        sent.ExpiresAt.ShouldBe(_rooms.Time.Now.AddMinutes(5));
        sent.ResendAt.ShouldBe(_rooms.Time.Now.AddSeconds(60));
    }

    [Fact]
    public async Task Stores_neither_handle_nor_code_nor_mail_in_the_clear()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        var code = await asker.ReadCodeAsync(sent.Challenge);
        var rows = await database.ScalarAsync<string>($"""
            select string_agg(challenges::text || mail_queue::text || encode(payload, 'escape') || encode(code_hash, 'escape'), '')
            from challenges join mail_queue on challenge = challenges.id where address = '{asker.Address}'
            """);
        rows.ShouldNotBeNull().ShouldNotContain(sent.Challenge);
        rows.ShouldNotContain(code);
        rows.ShouldNotContain("nobody", Case.Insensitive);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("a@b@example.com")]
    [InlineData("a@example.com\r\nBcc: b@example.com")]
    public async Task Refuses_what_is_no_address(string address) =>
        (await new Asker(database, _rooms) { Address = address }.SendAsync()).ShouldBeOfType<SendOutcome.BadAddress>();

    [Fact]
    public async Task Sends_once_a_minute_to_an_address()
    {
        var asker = NewAsker();
        await asker.SentAsync();
        var start = _rooms.Time.Now;
        _rooms.Time.Advance(TimeSpan.FromSeconds(59));
        (await asker.SendAsync()).ShouldBeOfType<SendOutcome.Limited>().RetryAt.ShouldBe(start.AddSeconds(60));
        _rooms.Time.Advance(TimeSpan.FromSeconds(1));
        await asker.SentAsync();
    }

    [Fact]
    public async Task Sends_five_times_an_hour_to_an_address()
    {
        var asker = NewAsker();
        var start = _rooms.Time.Now;
        for (var i = 0; i < 5; i++)
        {
            await asker.SentAsync();
            _rooms.Time.Advance(TimeSpan.FromSeconds(60));
        }
        (await asker.SendAsync()).ShouldBeOfType<SendOutcome.Limited>().RetryAt.ShouldBe(start.AddHours(1));
        _rooms.Time.Now = start.AddHours(1);
        await asker.SentAsync();
    }

    [Fact]
    public async Task The_fifth_send_tells_that_the_next_is_an_hour_off()
    {
        var asker = NewAsker();
        var start = _rooms.Time.Now;
        for (var i = 0; i < 4; i++)
        {
            await asker.SentAsync();
            _rooms.Time.Advance(TimeSpan.FromSeconds(60));
        }
        (await asker.SentAsync()).ResendAt.ShouldBe(start.AddHours(1));
    }

    [Fact]
    public async Task Another_spelling_of_the_address_is_the_same_address()
    {
        var asker = NewAsker();
        await asker.SentAsync();
        (await new Asker(database, _rooms) { Address = $"{asker.Address.ToUpperInvariant()}" }.SendAsync())
            .ShouldBeOfType<SendOutcome.Limited>();
    }

    [Fact]
    public async Task Mails_the_canonical_address_and_not_what_was_typed()
    {
        // The Kelvin sign compares as a K; the mail must go to the K's mailbox and not to the look-alike's owner.
        var canonical = $"k{Rooms.NewAddress()}";
        var asker = NewAsker();
        var sent = (await _rooms.Codes.SendAsync(asker.Request with { Address = "\u212a" + canonical[1..] }, CancellationToken.None))
            .ShouldBeOfType<SendOutcome.Sent>();
        var reader = new Asker(database, _rooms) { Address = canonical };
        (await reader.ReadCodeAsync(sent.Challenge)).Length.ShouldBe(6);
    }

    [Fact]
    public async Task Of_a_hundred_parallel_sends_to_an_address_one_is_sent()
    {
        var asker = NewAsker();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(asker.SendAsync)));
        outcomes.Count(outcome => outcome is SendOutcome.Sent).ShouldBe(1);
        var queued = $"select count(*) from challenges join mail_queue on challenge = id where address = '{asker.Address}'";
        (await database.ScalarAsync<long>(queued)).ShouldBe(1);
        // What was refused counted nowhere: the IP still has nineteen.
        for (var i = 0; i < 19; i++)
        {
            (await new Asker(database, _rooms) { Ip = asker.Ip }.SendAsync()).ShouldBeOfType<SendOutcome.Sent>();
        }

        (await new Asker(database, _rooms) { Ip = asker.Ip }.SendAsync()).ShouldBeOfType<SendOutcome.Limited>();
    }

    [Fact]
    public async Task Of_a_hundred_parallel_sends_from_an_ip_twenty_are_sent()
    {
        var ip = Rooms.NewIp();
        var askers = Enumerable.Range(0, 100).Select(_ => new Asker(database, _rooms) { Ip = ip });
        var outcomes = await Task.WhenAll(askers.Select(asker => Task.Run(asker.SendAsync)));
        outcomes.Count(outcome => outcome is SendOutcome.Sent).ShouldBe(20);
        outcomes.OfType<SendOutcome.Limited>().ShouldAllBe(outcome => outcome.RetryAt == _rooms.Time.Now.AddMinutes(1));
    }

    [Fact]
    public async Task An_ip_sends_a_hundred_an_hour()
    {
        var ip = Rooms.NewIp();
        for (var i = 0; i < 100; i++)
        {
            await new Asker(database, _rooms) { Ip = ip }.SentAsync();
            _rooms.Time.Advance(TimeSpan.FromSeconds(4));
        }
        (await new Asker(database, _rooms) { Ip = ip }.SendAsync()).ShouldBeOfType<SendOutcome.Limited>();
    }

    [Fact]
    public async Task What_an_ip_may_not_send_does_not_count_against_the_address()
    {
        var ip = Rooms.NewIp();
        for (var i = 0; i < 20; i++)
        {
            await new Asker(database, _rooms) { Ip = ip }.SentAsync();
        }

        var asker = new Asker(database, _rooms) { Ip = ip };
        (await asker.SendAsync()).ShouldBeOfType<SendOutcome.Limited>();
        await new Asker(database, _rooms) { Address = asker.Address }.SentAsync();
    }

    [Fact]
    public async Task Counts_IPv6_by_the_64()
    {
        var network = $"2001:db8:{Random():x}:{Random():x}";
        for (var i = 1; i <= 20; i++)
        {
            await new Asker(database, _rooms) { Ip = IPAddress.Parse($"{network}::{i:x}") }.SentAsync();
        }

        (await new Asker(database, _rooms) { Ip = IPAddress.Parse($"{network}:1:2:3:4") }.SendAsync())
            .ShouldBeOfType<SendOutcome.Limited>();

        static int Random() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(0x10000);
    }

    [Fact]
    public async Task A_refused_resend_leaves_the_challenge_as_good_as_it_was()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        (await asker.SendAsync()).ShouldBe(new SendOutcome.Limited(sent.ResendAt, sent.ExpiresAt));
        (await asker.TryAsync(sent.Challenge, await asker.ReadCodeAsync(sent.Challenge))).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task A_refused_send_does_not_speak_of_other_browsers_challenges()
    {
        var asker = NewAsker();
        await asker.SentAsync();
        (await new Asker(database, _rooms) { Address = asker.Address }.SendAsync())
            .ShouldBeOfType<SendOutcome.Limited>().LiveUntil.ShouldBeNull();
    }

    [Fact]
    public async Task A_resend_leaves_the_earlier_code_alive()
    {
        var asker = NewAsker();
        var first = await asker.SentAsync();
        _rooms.Time.Advance(TimeSpan.FromSeconds(60));
        await asker.SentAsync();
        (await asker.TryAsync(first.Challenge, await asker.ReadCodeAsync(first.Challenge))).ShouldBeOfType<VerifyOutcome.Proven>();
    }

    [Fact]
    public async Task Knows_the_state_of_the_mail()
    {
        var asker = NewAsker();
        var sent = await asker.SentAsync();
        (await _rooms.Queue.StateAsync(sent.Challenge, CancellationToken.None)).ShouldBeOfType<MailState.Queued>();
        (await _rooms.Queue.StateAsync("ch_" + new string('A', 43), CancellationToken.None)).ShouldBeOfType<MailState.Unknown>();
    }
}
