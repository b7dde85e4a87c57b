// RFC 7636: proof key for code exchange, S256 only (RFC 9700 §2.1.1).
using System.Security.Cryptography;
using System.Text;
using Jose;

namespace Oidc;

/// <summary>Judges code challenges and verifiers.</summary>
public static class Pkce
{
    public const string S256 = "S256";

    private const int ChallengeLength = 43;

    /// <summary>RFC 7636 §4.2: the base64url form of a SHA-256, so exactly 43 characters of that alphabet.</summary>
    public static bool IsChallenge(string value) => value.Length == ChallengeLength && value.All(IsBase64Url);

    /// <summary>RFC 7636 §4.1: 43 to 128 unreserved characters.</summary>
    public static bool IsVerifier(string value) => value.Length is >= 43 and <= 128 && value.All(character => IsBase64Url(character) || character is '.' or '~');

    /// <summary>RFC 7636 §4.6.</summary>
    public static bool Matches(string challenge, string verifier)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.ASCII.GetBytes(verifier), hash);
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Base64Url.Encode(hash)), Encoding.ASCII.GetBytes(challenge));
    }

    private static bool IsBase64Url(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';
}
