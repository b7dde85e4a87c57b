using System.Collections.Frozen;

namespace IdentityProvider;

/// <summary>The key-encryption key in force, and those that rows may still, or already, stand under while one takes another's place.</summary>
public sealed class KeyEncryptionKeys
{
    private readonly FrozenDictionary<int, KeyEncryptionKey> _byVersion;

    /// <param name="current">Everything is written under this one.</param>
    /// <param name="alsoRead">Nothing is written under these.</param>
    public KeyEncryptionKeys(KeyEncryptionKey current, params IEnumerable<KeyEncryptionKey> alsoRead)
    {
        Current = current;
        AlsoRead = [.. alsoRead.Where(key => key.Version != current.Version).DistinctBy(key => key.Version)];
        _byVersion = AlsoRead.Append(current).ToFrozenDictionary(key => key.Version);
    }

    public KeyEncryptionKey Current { get; }

    public IReadOnlyList<KeyEncryptionKey> AlsoRead { get; }

    /// <summary>The key of one purpose under each of them, by version.</summary>
    public IReadOnlyDictionary<int, byte[]> Derive(string purpose) => _byVersion.ToFrozenDictionary(key => key.Key, key => key.Value.Derive(purpose));

    /// <summary>What was wrapped under the key of that version; the caller clears it.</summary>
    /// <exception cref="StartRefusedException">That key was not given.</exception>
    public byte[] Unwrap(int version, ReadOnlySpan<byte> wrapped, string context) => _byVersion.TryGetValue(version, out var key)
        ? key.Unwrap(wrapped, context)
        : throw new StartRefusedException(
            $"Keys:Kek is not the key that wrapped the keys in this database: give the one of version {version} as Keys:Kek, or as Keys:AlsoRead until keys rewrap was run "
            + $"(given: {string.Join(", ", _byVersion.Keys.Order())}).");
}
