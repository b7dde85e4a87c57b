namespace Jose;

/// <summary>
/// The names of the signature algorithms of RFC 7518 §3.1 that exist here. <c>none</c> (§3.6) and the HMAC family (§3.2) have no name,
/// so no key, no allow-list and no token can speak of them.
/// </summary>
public static class Algorithms
{
    public const string RS256 = "RS256";
    public const string RS384 = "RS384";
    public const string RS512 = "RS512";
    public const string PS256 = "PS256";
    public const string PS384 = "PS384";
    public const string PS512 = "PS512";
    public const string ES256 = "ES256";
    public const string ES384 = "ES384";
    public const string ES512 = "ES512";

    /// <summary>Every algorithm, in the order of RFC 7518's table.</summary>
    public static IReadOnlyList<string> All { get; } = [RS256, RS384, RS512, ES256, ES384, ES512, PS256, PS384, PS512];
}
