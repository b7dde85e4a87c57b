using Jose;

namespace Oidc.Tests;

/// <summary>One key per algorithm, drawn once for all tests; a test may put another ring in force.</summary>
public sealed class Keyring : ISigningKeys
{
    // RSA keys take long to draw.
    private static readonly SigningKey[] Drawn = Draw();
    private static readonly Lazy<SigningKey[]> DrawnLater = new(Draw);

    public static KeyRing Default { get; } = new(Drawn.Select(key => new RingKey(key, KeyState.Active)));

    public KeyRing Current { get; set; } = Default;

    /// <summary>The default keys, all in another state, and other ones that sign.</summary>
    public static KeyRing RotatedTo(KeyState state) => new(
    [
        .. Drawn.Select(key => new RingKey(key, state)),
        .. DrawnLater.Value.Select(key => new RingKey(key, KeyState.Active)),
    ]);

    private static SigningKey[] Draw() => [SigningKey.Create("ES256"), SigningKey.Create("RS256"), SigningKey.Create("PS256")];
}
