// OpenID Connect Core §10.1.1: when a key is announced, used, retired and removed.
namespace Oidc;

/// <summary>How long each state lasts. Announcing must outlast every cache that was told how long it may keep the document.</summary>
public sealed record KeyPeriods
{
    /// <summary>How long clients may cache the JWKS: its <c>max-age</c>.</summary>
    public TimeSpan CacheFor { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Published before first use. Longer than <see cref="CacheFor"/> plus the clocks' difference plus the nodes' reload interval.</summary>
    public TimeSpan Announce { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a key signs.</summary>
    public TimeSpan Active { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Published after last use: longer than any token lives, clocks included, and longer than a relying party keeps a session, since its ID token comes
    /// back as a hint when the person signs out.
    /// </summary>
    public TimeSpan Retire { get; init; } = TimeSpan.FromDays(35);
}

/// <summary>A key's life as stored: everything follows from when it becomes active.</summary>
public sealed record KeyLife(string KeyId, string Algorithm, DateTimeOffset ActiveFrom);

/// <summary>
/// The rotation rule as a pure function of the stored lives and the clock, so that every node derives the same states without talking.
/// A key stays active until its successor's <c>ActiveFrom</c>: there is never an instant without one.
/// </summary>
public static class KeySchedule
{
    public static IReadOnlyList<(KeyLife Life, KeyState State)> StatesAt(IEnumerable<KeyLife> lives, DateTimeOffset now, KeyPeriods periods)
    {
        var states = new List<(KeyLife, KeyState)>();
        foreach (var algorithm in lives.GroupBy(life => life.Algorithm, StringComparer.Ordinal))
        {
            // By id where two nodes made keys for the same instant, so that every node puts them in the same order.
            var ordered = algorithm.OrderBy(life => life.ActiveFrom).ThenBy(life => life.KeyId, StringComparer.Ordinal).ToArray();
            for (var index = 0; index < ordered.Length; index++)
            {
                // The first key of all has no predecessor that could sign meanwhile, on a node whose clock is behind.
                var activeFrom = index == 0 ? DateTimeOffset.MinValue : ordered[index].ActiveFrom;
                DateTimeOffset? retiredAt = index + 1 < ordered.Length ? ordered[index + 1].ActiveFrom : null;
                states.Add((ordered[index], StateAt(now, activeFrom, retiredAt, periods)));
            }
        }

        return states;
    }

    /// <summary>When the next key of an algorithm must become active, if it must be made now: the newest one is about to have signed long enough.</summary>
    public static DateTimeOffset? NextActiveFrom(IEnumerable<KeyLife> livesOfAlgorithm, DateTimeOffset now, KeyPeriods periods)
    {
        var newest = livesOfAlgorithm.MaxBy(life => life.ActiveFrom);
        if (newest is null)
        {
            return now;
        }

        var due = newest.ActiveFrom + periods.Active;
        if (now < due - periods.Announce)
        {
            return null;
        }

        // A provider that was off at the due time still announces in full before it signs.
        var earliest = now + periods.Announce;
        return due > earliest ? due : earliest;
    }

    private static KeyState StateAt(DateTimeOffset now, DateTimeOffset activeFrom, DateTimeOffset? retiredAt, KeyPeriods periods) => retiredAt switch
    {
        _ when now < activeFrom => KeyState.Announced,
        { } at when now >= at + periods.Retire => KeyState.Removed,
        { } at when now >= at => KeyState.Retired,
        _ => KeyState.Active,
    };
}
