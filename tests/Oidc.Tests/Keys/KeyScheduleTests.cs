namespace Oidc.Tests;

/// <summary>The states of keys at single instants; what must hold at all of them is in <see cref="KeyRotationProperties"/>.</summary>
public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyPeriods Periods = new();
    private static readonly KeyLife First = new("a", "ES256", Start);
    private static readonly KeyLife Second = new("b", "ES256", Start.AddDays(90));

    [Theory]
    [InlineData(0, KeyState.Active, KeyState.Announced)]
    [InlineData(89.99, KeyState.Active, KeyState.Announced)]
    [InlineData(90, KeyState.Retired, KeyState.Active)]
    [InlineData(500, KeyState.Removed, KeyState.Active)]
    public void A_key_is_announced_active_retired_and_removed(double day, KeyState first, KeyState second) =>
        StatesAt(Start.AddDays(day), First, Second).ShouldBe([("a", first), ("b", second)]);

    [Fact]
    public void A_key_stays_active_until_its_successor_is_however_long_that_takes() =>
        StatesAt(Start.AddDays(5_000), First).ShouldBe([("a", KeyState.Active)]);

    // The clock of the node that drew it is ahead of this one's: better to sign now than not at all.
    [Fact]
    public void The_first_key_of_all_is_active_at_once_on_every_node() =>
        StatesAt(Start.AddMinutes(-1), First, Second).ShouldBe([("a", KeyState.Active), ("b", KeyState.Announced)]);

    // Two nodes that read the rows in another order must sign with the same key.
    [Fact]
    public void Of_two_keys_for_the_same_instant_every_node_takes_the_same()
    {
        var twin = First with { KeyId = "0" };

        StatesAt(Start, First, twin).Order().ShouldBe(StatesAt(Start, twin, First).Order());
        StatesAt(Start, First, twin).Count(key => key.State == KeyState.Active).ShouldBe(1);
    }

    [Fact]
    public void Each_algorithm_has_its_own_succession() =>
        StatesAt(Start.AddDays(90), First, Second with { Algorithm = "RS256" }).ShouldBe([("a", KeyState.Active), ("b", KeyState.Active)]);

    [Fact]
    public void The_first_key_signs_from_now_on() => KeySchedule.NextActiveFrom([], Start, Periods).ShouldBe(Start);

    [Theory]
    [InlineData(0, null)]
    [InlineData(89.9, null)]
    [InlineData(89.99, 90 - 0.01 + (1 / 24.0))]
    [InlineData(200, 200 + (1 / 24.0))]
    public void The_next_key_is_announced_for_an_hour_before_it_signs(double day, double? activeFrom)
    {
        var next = KeySchedule.NextActiveFrom([First], Start.AddDays(day), Periods);

        if (activeFrom is { } expected)
        {
            next.ShouldNotBeNull().ShouldBe(Start.AddDays(expected), TimeSpan.FromSeconds(1));
        }
        else
        {
            next.ShouldBeNull();
        }
    }

    [Fact]
    public void The_next_key_is_made_just_in_time() =>
        KeySchedule.NextActiveFrom([First], Start.AddDays(90) - Periods.Announce, Periods).ShouldBe(Start.AddDays(90));

    [Fact]
    public void No_second_successor_is_made_while_one_is_announced() => KeySchedule.NextActiveFrom([First, Second], Start.AddDays(89.99), Periods).ShouldBeNull();

    // An ID token comes back as a hint for as long as a relying party keeps its session.
    [Fact]
    public void A_retired_key_is_published_for_longer_than_the_longest_session() => Periods.Retire.ShouldBeGreaterThan(TimeSpan.FromDays(30));

    private static IReadOnlyList<(string Id, KeyState State)> StatesAt(DateTimeOffset now, params KeyLife[] lives) =>
        [.. KeySchedule.StatesAt(lives, now, Periods).Select(key => (key.Life.KeyId, key.State))];
}
