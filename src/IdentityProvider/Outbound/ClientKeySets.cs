using System.Collections.Concurrent;
using Jose;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// The keys of clients: as registered, or read from their <c>jwks_uri</c> through the outbound guard and kept. They are read again when they are no longer
/// fresh and when an assertion names a key that is not among them, by one request at a time and at most once a minute for each client.
/// </summary>
internal sealed partial class ClientKeySets(OutboundClient outbound, TimeProvider time, ILogger<ClientKeySets> log) : IClientKeys
{
    /// <summary>Between two readings for one client: what anybody who invents key names can make us ask.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    // A client whose server is away can still sign in for this long with the keys it had.
    private static readonly TimeSpan Usable = TimeSpan.FromHours(1);

    // One entry a client: as many as are registered, whoever asks.
    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    public async ValueTask<JwkSet?> GetAsync(Client client, CancellationToken cancellation)
    {
        if (client.KeysUri is not { } address)
        {
            return client.Keys;
        }

        var kept = KeptFor(client, address);
        var now = time.GetUtcNow();
        if (kept.ReadAt is not { } readAt || now >= readAt + Fresh)
        {
            await kept.ReadAgainAsync(() => ReadAsync(client, address), now, cancellation);
        }

        return kept.ReadAt is { } latest && now < latest + Usable ? kept.Keys : null;
    }

    public async ValueTask<JwkSet?> GetNewerAsync(Client client, JwkSet known, CancellationToken cancellation)
    {
        if (client.KeysUri is not { } address)
        {
            return null;
        }

        var kept = KeptFor(client, address);
        if (ReferenceEquals(kept.Keys, known))
        {
            await kept.ReadAgainAsync(() => ReadAsync(client, address), time.GetUtcNow(), cancellation);
        }

        return ReferenceEquals(kept.Keys, known) ? null : kept.Keys;
    }

    // A client that moved its keys starts anew.
    private Kept KeptFor(Client client, Uri address) => _kept.AddOrUpdate(
        client.Id, static (_, uri) => new Kept(uri), static (_, kept, uri) => kept.Address == uri ? kept : new Kept(uri), address);

    private async Task<(JwkSet? Keys, DateTimeOffset At)> ReadAsync(Client client, Uri address)
    {
        // For whoever waits, and not to be broken off by one who leaves.
        var outcome = await outbound.GetAsync(address, CancellationToken.None);
        var problem = outcome switch
        {
            OutboundOutcome.Failed failed => failed.Reason,
            OutboundOutcome.Answered { Succeeded: false } answered => $"status {answered.Status}",
            _ => null,
        };
        if (problem is null
            && JwkSet.TryParse(((OutboundOutcome.Answered)outcome).Body, out var keys, out problem, client.AssertionAlgorithm ?? Algorithms.RS256))
        {
            return (keys, time.GetUtcNow());
        }

        Unreadable(log, client.Id, problem);
        return (null, default);
    }

    private sealed class Kept(Uri address)
    {
        private readonly Lock _gate = new();
        private Task _reading = Task.CompletedTask;
        private DateTimeOffset _nextAttempt = DateTimeOffset.MinValue;

        public Uri Address => address;

        public JwkSet? Keys { get; private set; }

        public DateTimeOffset? ReadAt { get; private set; }

        public Task ReadAgainAsync(Func<Task<(JwkSet? Keys, DateTimeOffset At)>> readAsync, DateTimeOffset now, CancellationToken cancellation)
        {
            lock (_gate)
            {
                if (_reading.IsCompleted && now >= _nextAttempt)
                {
                    _nextAttempt = now + Pause;
                    _reading = KeepAsync(readAsync);
                }

                return _reading.WaitAsync(cancellation);
            }
        }

        private async Task KeepAsync(Func<Task<(JwkSet? Keys, DateTimeOffset At)>> readAsync)
        {
            // Not under the gate.
            await Task.Yield();
            if (await readAsync() is ({ } keys, var at))
            {
                (Keys, ReadAt) = (keys, at);
            }
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "The keys of client {ClientId} could not be read: {Reason}")]
    static partial void Unreadable(ILogger logger, string clientId, string reason);
}
