// RFC 7662 §2.2: the answer about an active token.
using System.Text.Json;

namespace Oidc;

/// <summary>Writes what a token says: a signed one its own claims, one by reference the same as it would have said signed.</summary>
internal static class IntrospectionAnswer
{
    public static void Write(Utf8JsonWriter writer, LiveAccessToken token, string issuer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("active"u8, true);
        writer.WriteString("token_type"u8, "Bearer"u8);
        if (token.Signed is { } signed)
        {
            foreach (var claim in signed.Claims.Json.EnumerateObject())
            {
                claim.WriteTo(writer);
            }
        }
        else
        {
            WriteReference(writer, token, token.Reference!, issuer);
        }

        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, SeenRefreshToken token, string issuer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("active"u8, true);
        writer.WriteString("iss"u8, issuer);
        writer.WriteString("sub"u8, token.Grant.Subject);
        writer.WriteString("client_id"u8, token.Grant.ClientId);
        writer.WriteString("scope"u8, string.Join(' ', token.Grant.Scopes));
        writer.WriteTime("exp"u8, token.ExpiresAt);
        WriteSignIn(writer, token.Grant);
        writer.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter writer, LiveAccessToken token, FoundReferenceToken found, string issuer)
    {
        writer.WriteString("iss"u8, issuer);
        writer.WriteOneOrMany("aud"u8, token.Audience);
        writer.WriteString("sub"u8, token.Person?.Subject ?? token.ClientId);
        writer.WriteString("client_id"u8, token.ClientId);
        writer.WriteTime("iat"u8, found.Token.IssuedAt);
        writer.WriteTime("exp"u8, found.Token.ExpiresAt);
        writer.WriteString("scope"u8, string.Join(' ', token.Scopes));
        if (found.Grant is { } grant)
        {
            WriteSignIn(writer, grant);
        }

        if (token.Person is { Roles.Count: > 0 } person && token.Scopes.Contains(AccessToken.MembersScope))
        {
            writer.WriteOneOrMany("role"u8, person.Roles);
        }
    }

    private static void WriteSignIn(Utf8JsonWriter writer, Grant grant)
    {
        writer.WriteTime("auth_time"u8, grant.AuthenticatedAt);
        writer.WriteString("acr"u8, grant.Acr);
        writer.WriteStringArray("amr"u8, grant.Amr);
        writer.WriteString("sid"u8, grant.SessionId);
    }
}
