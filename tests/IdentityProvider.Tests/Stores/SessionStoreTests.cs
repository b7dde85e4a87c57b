using System.Security.Cryptography;
using Harness;
using Oidc;

namespace IdentityProvider.Tests;

/// <summary>How long sessions live, and what a new one makes of the one before.</summary>
public sealed class SessionStoreTests : IAsyncLifetime
{
    private readonly MigratedDatabase _database = new();
    private readonly ManualTime _time = new();
    private readonly Guid _alice = Guid.CreateVersion7(), _bob = Guid.CreateVersion7();

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        foreach (var person in new[] { _alice, _bob })
        {
            await _database.ExecuteAsync(
                """
                insert into people (id, email, normalized_email, bind_status, two_factor_enabled, created_at, updated_at)
                values ($1, $2, $2, 'unbound', false, $3, $3)
                """, person, $"{person}@example.com", _time.Now);
        }
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Ends_when_nobody_uses_it()
    {
        var secret = await StartAsync(_alice);

        _time.Advance(TimeSpan.FromHours(2));

        (await FindAsync(secret)).ShouldBeNull();
    }

    [Fact]
    public async Task Lives_while_it_is_used_but_never_past_its_end()
    {
        var secret = await StartAsync(_alice);
        for (var hour = 1; hour < 12; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            (await FindAsync(secret)).ShouldNotBeNull($"after {hour} hours");
        }

        _time.Advance(TimeSpan.FromHours(1));
        (await FindAsync(secret)).ShouldBeNull();
    }

    [Fact]
    public async Task Remembered_lives_thirty_days_used_or_not()
    {
        var secret = await StartAsync(_alice, remembered: true);

        _time.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        (await FindAsync(secret)).ShouldNotBeNull().Remembered.ShouldBeTrue();

        _time.Advance(TimeSpan.FromSeconds(1));
        (await FindAsync(secret)).ShouldBeNull();
    }

    // An idle time of seconds is kept too: the laziness of writing shrinks with it.
    [Fact]
    public async Task Idle_time_may_be_shorter_than_a_minute()
    {
        var brief = new Lifetimes { SessionIdle = TimeSpan.FromSeconds(10) };
        var secret = await StartAsync(_alice, lifetimes: brief);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(8));
            (await FindAsync(secret, brief)).ShouldNotBeNull();
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        (await FindAsync(secret, brief)).ShouldBeNull();
    }

    [Fact]
    public async Task Has_a_new_id_at_each_sign_in_and_retires_the_one_before()
    {
        var first = await StartAsync(_alice);
        var firstId = (await FindAsync(first))!.Session.Id;
        var second = await StartAsync(_alice, previous: first);
        var secondId = (await FindAsync(second))!.Session.Id;

        secondId.ShouldNotBe(firstId);
        (await FindAsync(first)).ShouldBeNull();
        (await _database.ScalarAsync<string>("select replaced_by from sessions where id = $1", firstId)).ShouldBe(secondId);
        (await _database.ScalarAsync<long>("select count(*) from sessions where ended_at is not null")).ShouldBe(0);

        // The third names itself in both.
        var third = await StartAsync(_alice, previous: second);
        (await _database.ScalarAsync<long>("select count(*) from sessions where replaced_by = $1", (await FindAsync(third))!.Session.Id)).ShouldBe(2);
    }

    [Fact]
    public async Task Ends_with_those_before_it_when_somebody_else_signs_in_and_says_so()
    {
        var first = await StartAsync(_alice);
        var second = await StartAsync(_alice, previous: first);

        await StartAsync(_bob, previous: second);

        (await _database.ScalarAsync<long>("select count(*) from sessions where person_id = $1 and ended_reason = 'another_person'", _alice)).ShouldBe(2);
        (await _database.ScalarAsync<long>("select count(*) from audit where event = 'session.ended' and person_id = $1", _alice)).ShouldBe(2);
    }

    private SessionStore Store(Lifetimes? lifetimes) => new(_database.Source, new OidcOptions { Issuer = "https://login.example", Lifetimes = lifetimes ?? new Lifetimes() });

    private async Task<byte[]> StartAsync(Guid person, bool remembered = false, byte[]? previous = null, Lifetimes? lifetimes = null)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        await Store(lifetimes).StartAsync(new NewSession(secret, person, "page", Acr.OneFactor, ["pwd"]) { Remembered = remembered, Previous = previous }, _time.Now, CancellationToken.None);
        return secret;
    }

    private Task<FoundSession?> FindAsync(byte[] secret, Lifetimes? lifetimes = null) => Store(lifetimes).FindAsync(secret, clientId: null, _time.Now, CancellationToken.None);
}
