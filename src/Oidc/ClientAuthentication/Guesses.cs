// RFC 6749 §10.10, RFC 6819 §4.3.5: how often a client's secret may be guessed.
using System.Collections.Concurrent;

namespace Oidc;

/// <summary>How many failed authentications of one client from one network are heard, in how much time.</summary>
public sealed record GuessLimit(int Count, TimeSpan Per);

/// <summary>
/// Counts failed authentications by client and network, in this node's memory: secrets are 256 random bits, so this is to be quiet towards a guesser,
/// not to be exact. A node that nobody guesses at does nothing here; the memory is bounded whatever is sent.
/// </summary>
public sealed class Guesses(GuessLimit limit)
{
    public const int MaxCounters = 10_000;

    private readonly ConcurrentDictionary<(string ClientId, UInt128 Network), Counter> _counters = new();
    private int _count;

    /// <summary>How long to wait; null when the next guess is heard.</summary>
    public TimeSpan? BlockedFor(string clientId, UInt128 network, DateTimeOffset now) =>
        Volatile.Read(ref _count) > 0 && _counters.TryGetValue((clientId, network), out var counter) && counter.Failures >= limit.Count && now < counter.EndsAt
            ? counter.EndsAt - now
            : null;

    public void Count(string clientId, UInt128 network, DateTimeOffset now)
    {
        if (Volatile.Read(ref _count) >= MaxCounters)
        {
            MakeRoom(now);
        }

        _counters.AddOrUpdate((clientId, network), _ => new Counter(1, now + limit.Per), (_, counter) =>
            now < counter.EndsAt ? counter with { Failures = counter.Failures + 1 } : new Counter(1, now + limit.Per));
        Volatile.Write(ref _count, _counters.Count);
    }

    // Whoever commands more networks than there are counters gains nothing by being forgotten.
    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (key, counter) in _counters)
        {
            if (now >= counter.EndsAt)
            {
                _counters.TryRemove(key, out _);
            }
        }

        if (_counters.Count >= MaxCounters)
        {
            _counters.Clear();
        }
    }

    private sealed record Counter(int Failures, DateTimeOffset EndsAt);
}
