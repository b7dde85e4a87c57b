using System.Collections.Concurrent;
using System.Security.Cryptography;
using Jose;
using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// The signing keys this node knows, as a ring at this instant. States follow from the stored lives and the clock alone, so they move on even while
/// the database is away.
/// </summary>
public sealed class SigningKeyRing(NpgsqlDataSource database, SigningKeyStore store, KeyEncryptionKeys keks, KeyPeriods periods, TimeProvider time, ILogger<SigningKeyRing> log)
    : ISigningKeys
{
    /// <summary>Every algorithm this provider signs with (Discovery §3, RFC 9068 §4).</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["ES256", "RS256", "PS256"];

    // Unwrapping costs; a key that is already here is not unwrapped again.
    private readonly ConcurrentDictionary<string, SigningKey> _unwrapped = new(StringComparer.Ordinal);
    private IReadOnlyList<StoredSigningKey> _stored = [];
    private KeyRing? _current;

    public KeyRing Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("The keys are read before the first request is.");

    public bool Loaded => Volatile.Read(ref _current) is not null;

    /// <summary>Reads the keys, makes and deletes those whose time it is, and puts the ring of this instant in force.</summary>
    public async Task ReloadAsync(CancellationToken cancellation)
    {
        try
        {
            _stored = await store.ListAsync(cancellation);
            if (IsWorkDue(_stored, time.GetUtcNow()))
            {
                _stored = await RotateAsync(cancellation);
            }
        }
        finally
        {
            // Without the database too: an announced key becomes active when it said it would.
            if (_stored.Count > 0)
            {
                Volatile.Write(ref _current, RingOf(_stored, time.GetUtcNow()));
            }
        }
    }

    // One node at a time, and on what stands there once it has its turn.
    private async Task<IReadOnlyList<StoredSigningKey>> RotateAsync(CancellationToken cancellation)
    {
        await using var held = await AdvisoryLock.TakeAsync(database, AdvisoryLock.SigningKeys, cancellation);
        var stored = await store.ListAsync(cancellation);
        var now = time.GetUtcNow();
        var due = Algorithms.Select(algorithm => (Algorithm: algorithm, ActiveFrom: NextActiveFrom(stored, algorithm, now))).Where(next => next.ActiveFrom is not null);
        var made = await Task.WhenAll(due.Select(next => Task.Run(() => Make(next.Algorithm, next.ActiveFrom!.Value), cancellation)));
        foreach (var key in made)
        {
            await store.InsertAsync(key, now, cancellation);
            log.LogInformation("Signing key {KeyId} made for {Algorithm}, active from {ActiveFrom:u}", key.KeyId, key.Algorithm, key.ActiveFrom);
        }

        if (RemovedIn(stored, now) is { Length: > 0 } removed)
        {
            await store.DeleteAsync(removed, cancellation);
            log.LogInformation("Signing keys {KeyIds} removed: nothing they signed is alive", string.Join(", ", removed));
        }

        await Changes.NotifyAsync(database, Changes.Keys, cancellation);
        return await store.ListAsync(cancellation);
    }

    private bool IsWorkDue(IReadOnlyList<StoredSigningKey> stored, DateTimeOffset now) =>
        Algorithms.Any(algorithm => NextActiveFrom(stored, algorithm, now) is not null) || RemovedIn(stored, now).Length > 0;

    private DateTimeOffset? NextActiveFrom(IEnumerable<StoredSigningKey> stored, string algorithm, DateTimeOffset now) =>
        KeySchedule.NextActiveFrom(stored.Where(key => key.Algorithm == algorithm).Select(key => key.Life), now, periods);

    private string[] RemovedIn(IEnumerable<StoredSigningKey> stored, DateTimeOffset now) =>
        [.. KeySchedule.StatesAt(stored.Select(key => key.Life), now, periods).Where(key => key.State == KeyState.Removed).Select(key => key.Life.KeyId)];

    private StoredSigningKey Make(string algorithm, DateTimeOffset activeFrom)
    {
        using var key = SigningKey.Create(algorithm);
        var pkcs8 = key.ExportPkcs8();
        try
        {
            return new StoredSigningKey(key.KeyId, algorithm, keks.Current.Wrap(pkcs8, ContextOf(key.KeyId, algorithm)), keks.Current.Version, activeFrom);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private KeyRing RingOf(IReadOnlyList<StoredSigningKey> stored, DateTimeOffset now)
    {
        var states = KeySchedule.StatesAt(stored.Select(key => key.Life), now, periods).ToDictionary(key => key.Life.KeyId, key => key.State, StringComparer.Ordinal);
        return new KeyRing(stored.Where(key => states[key.KeyId] != KeyState.Removed).Select(key => new RingKey(_unwrapped.GetOrAdd(key.KeyId, _ => Unwrap(key)), states[key.KeyId])));
    }

    private SigningKey Unwrap(StoredSigningKey stored)
    {
        var pkcs8 = keks.Unwrap(stored.KekVersion, stored.Wrapped, ContextOf(stored.KeyId, stored.Algorithm));
        try
        {
            return SigningKey.Import(pkcs8, stored.Algorithm, stored.KeyId);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    // Bound to its place: a wrapped key moved to another row does not unwrap there.
    internal static string ContextOf(string keyId, string algorithm) => $"signing key {keyId} for {algorithm}";
}
