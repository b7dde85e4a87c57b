// RFC 9068 §2: the access token.
using System.Security.Cryptography;
using System.Text.Json;
using Jose;

namespace Oidc;

/// <summary>Writes and signs <c>at+jwt</c> access tokens.</summary>
public static class AccessToken
{
    /// <summary>RFC 9068 §2.1: the <c>typ</c> that keeps every other JWT from being taken for an access token.</summary>
    public const string Type = "at+jwt";

    public const string Algorithm = "ES256";

    /// <summary>Our own claim: the grant a token was made from, so that revoking the grant reaches it at userinfo and introspection.</summary>
    public const string GrantIdClaim = "gid";

    internal const string MembersScope = "members";

    public static string Sign(TokenContents contents, SigningKey key) => JwtPayload.Sign(key, Type, contents, Write);

    private static void Write(Utf8JsonWriter writer, TokenContents contents)
    {
        // RFC 9068 §2.2: iss, exp, aud, sub, client_id, iat and jti are required.
        writer.WriteStartObject();
        writer.WriteString("iss"u8, contents.Issuer);
        writer.WriteOneOrMany("aud"u8, contents.Audience);
        writer.WriteString("sub"u8, contents.Subject?.Person.Subject ?? contents.Client.Id);
        writer.WriteString("client_id"u8, contents.Client.Id);
        writer.WriteTime("iat"u8, contents.IssuedAt);
        writer.WriteTime("exp"u8, contents.ExpiresAt);
        WriteTokenId(writer);

        // RFC 9068 §2.2.3.
        writer.WriteString("scope"u8, string.Join(' ', contents.Scopes));
        if (contents.Subject is { } subject)
        {
            WriteSubject(writer, subject, contents.Scopes);
        }

        writer.WriteEndObject();
    }

    private static void WriteSubject(Utf8JsonWriter writer, ApprovedSubject subject, IReadOnlyList<string> scopes)
    {
        // RFC 9068 §2.2.1: how and when the person signed in, for resource APIs that ask for more than a token.
        var grant = subject.Grant;
        writer.WriteTime("auth_time"u8, grant.AuthenticatedAt);
        writer.WriteString("acr"u8, grant.Acr);
        writer.WriteStringArray("amr"u8, grant.Amr);
        writer.WriteString("sid"u8, grant.SessionId);
        writer.WriteString(GrantIdClaim, grant.Id);
        if (subject.Person.Roles.Count > 0 && scopes.Contains(MembersScope))
        {
            writer.WriteOneOrMany("role"u8, subject.Person.Roles);
        }
    }

    private static void WriteTokenId(Utf8JsonWriter writer)
    {
        Span<byte> random = stackalloc byte[16];
        Span<byte> encoded = stackalloc byte[22];
        RandomNumberGenerator.Fill(random);
        System.Buffers.Text.Base64Url.EncodeToUtf8(random, encoded);
        writer.WriteString("jti"u8, encoded);
    }
}
