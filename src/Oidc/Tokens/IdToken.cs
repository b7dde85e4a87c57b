// OpenID Connect Core §2 and §3.1.3.6: the ID token.
using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jose;

namespace Oidc;

/// <summary>
/// Writes and signs ID tokens. Claims about the person stay at userinfo (Core §5.4), unless they were asked for one by one: what is not in the token
/// cannot leak with it.
/// </summary>
public static class IdToken
{
    public const string Type = "JWT";

    /// <summary>The algorithms a client may register for its ID tokens.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["RS256", "PS256", "ES256"];

    public static string Sign(TokenContents contents, string? nonce, string accessToken, SigningKey key) =>
        JwtPayload.Sign(key, Type, (contents, nonce, accessToken), static (writer, state) => Write(writer, state.contents, state.nonce, state.accessToken));

    private static void Write(Utf8JsonWriter writer, TokenContents contents, string? nonce, string accessToken)
    {
        var grant = contents.Subject!.Grant;
        writer.WriteStartObject();
        writer.WriteString("iss"u8, contents.Issuer);
        writer.WriteString("sub"u8, grant.Subject);
        writer.WriteString("aud"u8, contents.Client.Id);
        writer.WriteTime("exp"u8, contents.ExpiresAt);
        writer.WriteTime("iat"u8, contents.IssuedAt);
        writer.WriteTime("auth_time"u8, grant.AuthenticatedAt);
        if (nonce is not null)
        {
            writer.WriteString("nonce"u8, nonce);
        }

        writer.WriteString("acr"u8, grant.Acr);
        writer.WriteStringArray("amr"u8, grant.Amr);

        // Back-Channel Logout §2.1: which session this is, so that a logout can name it.
        writer.WriteString("sid"u8, grant.SessionId);
        WriteAccessTokenHash(writer, accessToken);
        WriteRequestedClaims(writer, contents);
        writer.WriteEndObject();
    }

    // Core §5.5, and no further than what the client may ask for today.
    private static void WriteRequestedClaims(Utf8JsonWriter writer, TokenContents contents)
    {
        foreach (var claim in contents.Subject!.Grant.IdTokenClaims)
        {
            if (StandardClaims.ScopeOf(claim) is { } scope && contents.Client.Scopes.Contains(scope))
            {
                StandardClaims.Write(writer, contents.Subject.Person, claim);
            }
        }
    }

    // Core §3.1.3.6: the left half of the hash named by the token's own algorithm, which ends in 256 for all we sign with.
    private static void WriteAccessTokenHash(Utf8JsonWriter writer, string accessToken)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(accessToken.Length);
        var length = Encoding.ASCII.GetBytes(accessToken, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(bytes);
        Span<byte> encoded = stackalloc byte[22];
        System.Buffers.Text.Base64Url.EncodeToUtf8(hash[..(SHA256.HashSizeInBytes / 2)], encoded);
        writer.WriteString("at_hash"u8, encoded);
    }
}
