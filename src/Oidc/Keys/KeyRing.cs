// RFC 7517 §5 and OpenID Connect Core §10.1.1: the signing keys at one instant, and the document that publishes them.
using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Jose;

namespace Oidc;

/// <summary>Where a signing key stands in its life.</summary>
public enum KeyState
{
    /// <summary>Published, so that every cache knows it before it is used.</summary>
    Announced,

    /// <summary>Signs.</summary>
    Active,

    /// <summary>Signs no more, but tokens it signed are still alive.</summary>
    Retired,

    /// <summary>No longer published; nothing it signed is alive.</summary>
    Removed,
}

/// <summary>A key and its state.</summary>
public sealed record RingKey(SigningKey Key, KeyState State);

/// <summary>
/// All published keys at one instant: one active key per algorithm, with announced and retired ones around it. Immutable; the JWKS document
/// is serialised once, here.
/// </summary>
public sealed class KeyRing
{
    private readonly FrozenDictionary<string, SigningKey> _activeByAlgorithm;

    public KeyRing(IEnumerable<RingKey> keys)
    {
        var published = keys.Where(key => key.State is not KeyState.Removed).ToArray();
        _activeByAlgorithm = published.Where(key => key.State is KeyState.Active).ToFrozenDictionary(key => key.Key.Algorithm, key => key.Key, StringComparer.Ordinal);
        Published = new JwkSet(published.Select(key => key.Key.PublicKey).OrderBy(key => key.KeyId, StringComparer.Ordinal));
        Jwks = Write(Published);
    }

    /// <summary>Every key that verifies: announced, active and retired ones.</summary>
    public JwkSet Published { get; }

    /// <summary>The JWKS document.</summary>
    public ReadOnlyMemory<byte> Jwks { get; }

    /// <summary>The key that signs. Its absence is a bug: the ring is built so that every algorithm has one.</summary>
    public SigningKey ActiveFor(string algorithm) => _activeByAlgorithm[algorithm];

    private static byte[] Write(JwkSet published)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            published.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }
}

/// <summary>Gives the key ring in force. Reading it costs nothing; rotation replaces the whole object.</summary>
public interface ISigningKeys
{
    KeyRing Current { get; }
}
