// RFC 9700 §4.14.2: rotation whose successor can be computed again, so that a lost answer costs nobody their session.
using System.Security.Cryptography;
using System.Text;

namespace Oidc;

/// <summary>
/// Computes the successor of a refresh token: HMAC-SHA-256 over the old token and a nonce drawn at this rotation. The nonce is stored, the
/// tokens are not, so an honest retry gets the same successor while neither the database alone nor the old token alone yields it.
/// </summary>
/// <param name="currentVersion">The key new rotations use.</param>
/// <param name="keys">Every key whose version may still stand on a row, by version.</param>
public sealed class RefreshTokenChain(int currentVersion, IReadOnlyDictionary<int, byte[]> keys)
{
    public const int NonceBytes = 32;

    /// <summary>Draws a nonce and gives what a rotation of <paramref name="token"/> stores, and the token the client gets when it succeeds.</summary>
    public (RefreshSuccessor Stored, string Token) Rotate(string token)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var successor = Compute(token, nonce, currentVersion)!;
        return (new RefreshSuccessor(nonce, currentVersion, Handle.Hash(successor)), successor);
    }

    /// <summary>The successor an earlier rotation produced, or null when its key is gone.</summary>
    public string? Recompute(string token, EarlierRotation rotation) => Compute(token, rotation.Nonce, rotation.KeyVersion);

    private string? Compute(string token, byte[] nonce, int keyVersion)
    {
        if (!keys.TryGetValue(keyVersion, out var key))
        {
            return null;
        }

        Span<byte> message = stackalloc byte[token.Length + nonce.Length];
        Encoding.ASCII.GetBytes(token, message);
        nonce.CopyTo(message[token.Length..]);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message, mac);
        return Handle.FromBytes(Handle.RefreshToken, mac);
    }
}
