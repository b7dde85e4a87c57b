using FsCheck;
using FsCheck.Fluent;

namespace Oidc.Tests;

/// <summary>
/// Rotation over years, with nodes that are off at any time and for any while, clocks that differ by up to a minute either way, and clients that
/// keep the key set for as long as they were told and no longer.
/// </summary>
public sealed class KeyRotationProperties
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyPeriods Periods = new();
    private static readonly TimeSpan LongestToken = TimeSpan.FromHours(24);

    // A node looks after the keys every minute while it is on.
    private static readonly TimeSpan Reload = TimeSpan.FromMinutes(1);

    private static readonly Arbitrary<TimeSpan> Skews = Gen.Choose(-60, 60).Select(seconds => TimeSpan.FromSeconds(seconds)).ToArbitrary();
    private static readonly Arbitrary<Run> Runs = RunGenerator().ToArbitrary();

    [Fact]
    public void At_every_instant_exactly_one_key_signs() => Prop.ForAll(Runs, Skews, (run, skew) =>
        run.Instants.All(instant => Active(run.LivesAt(instant), instant + skew).Count() == 1)).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_unexpired_token_verifies_for_a_client_that_caches_as_it_was_told() => Prop.ForAll(Runs, Skews, Skews, (run, signer, publisher) =>
        run.Instants.All(signedAt =>
        {
            var signingKey = Active(run.LivesAt(signedAt), signedAt + signer).Single();
            return VerifiedAt(signedAt).All(verifiedAt => FetchedAt(verifiedAt).All(fetchedAt =>
                fetchedAt < Start || Published(run.LivesAt(fetchedAt - Reload), fetchedAt + publisher).Contains(signingKey)));
        })).QuickCheckThrowOnFailure();

    // RFC 7517 §4.5 would have clients look again at an unknown kid, but not all do.
    [Fact]
    public void A_key_set_never_grows_beyond_three_keys_an_algorithm() => Prop.ForAll(Runs, run =>
        run.Instants.All(instant => Published(run.LivesAt(instant), instant).Count <= 3)).QuickCheckThrowOnFailure();

    // Tokens in their last second, too.
    private static DateTimeOffset[] VerifiedAt(DateTimeOffset signedAt) => [signedAt, signedAt + (LongestToken / 2), signedAt + LongestToken];

    private static DateTimeOffset[] FetchedAt(DateTimeOffset verifiedAt) => [verifiedAt, verifiedAt - (Periods.CacheFor / 2), verifiedAt - Periods.CacheFor];

    private static IEnumerable<string> Active(IEnumerable<KeyLife> lives, DateTimeOffset now) =>
        KeySchedule.StatesAt(lives, now, Periods).Where(key => key.State == KeyState.Active).Select(key => key.Life.KeyId);

    private static IReadOnlyCollection<string> Published(IEnumerable<KeyLife> lives, DateTimeOffset now) =>
        [.. KeySchedule.StatesAt(lives, now, Periods).Where(key => key.State != KeyState.Removed).Select(key => key.Life.KeyId)];

    // The provider is on for a while, then off for a while, and so on; in each stretch it looks after its keys by some node's clock.
    private static Gen<Run> RunGenerator() =>
        from stretches in Gen.ArrayOf(
            from running in Gen.Choose(1, 60 * 24 * 120)
            from standing in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 120)), (1, Gen.Choose(1, 60 * 24 * 200)))
            from skew in Gen.Choose(-60, 60)
            select (On: TimeSpan.FromMinutes(running), Off: TimeSpan.FromMinutes(standing), Skew: TimeSpan.FromSeconds(skew)))
        where stretches.Length is > 0 and < 12
        from fractions in Gen.ArrayOf(Gen.Choose(0, 1_000_000), 20)
        select Run.Of(stretches, fractions);

    /// <summary>The keys a history made, and instants at which to look: around every change of state and anywhere else.</summary>
    private sealed record Run(IReadOnlyList<(DateTimeOffset MadeAt, KeyLife Life)> Keys, IReadOnlyList<DateTimeOffset> Instants)
    {
        // The very first key is made before the first request is served.
        public IEnumerable<KeyLife> LivesAt(DateTimeOffset instant) => Keys.Where((key, index) => index == 0 || key.MadeAt <= instant).Select(key => key.Life);

        public static Run Of((TimeSpan On, TimeSpan Off, TimeSpan Skew)[] stretches, int[] fractions)
        {
            var keys = new List<(DateTimeOffset MadeAt, KeyLife Life)>();
            var on = new List<(DateTimeOffset From, DateTimeOffset To)>();
            var at = Start;
            foreach (var stretch in stretches)
            {
                Look(at, at + stretch.On, stretch.Skew, keys);
                on.Add((at, at + stretch.On));
                at += stretch.On + stretch.Off;
            }

            TimeSpan[] around = [-Reload, TimeSpan.FromTicks(-1), TimeSpan.Zero, TimeSpan.FromTicks(1), Reload];
            var changes = keys.SelectMany(key => new[] { key.MadeAt, key.Life.ActiveFrom, key.Life.ActiveFrom + Periods.Retire });
            var instants = changes.SelectMany(change => around.Select(step => change + step))
                .Concat(fractions.Select(fraction => Start + ((at - Start) * (fraction / 1_000_000.0))))
                .Where(instant => on.Exists(stretch => instant >= stretch.From && instant <= stretch.To));
            return new Run(keys, [.. instants]);
        }

        // Nothing happens between two successions, so only the minutes at which one is due are walked.
        private static void Look(DateTimeOffset from, DateTimeOffset to, TimeSpan skew, List<(DateTimeOffset MadeAt, KeyLife Life)> keys)
        {
            for (var now = from; now <= to; now += Reload)
            {
                if (KeySchedule.NextActiveFrom(keys.Select(key => key.Life), now + skew, Periods) is { } activeFrom)
                {
                    keys.Add((now, new KeyLife($"{keys.Count}", "ES256", activeFrom)));
                }
                else if (keys[^1].Life.ActiveFrom + Periods.Active - Periods.Announce - now - skew is { Ticks: > 0 } wait)
                {
                    now += wait - Reload > TimeSpan.Zero ? wait - Reload : TimeSpan.Zero;
                }
            }
        }
    }
}
