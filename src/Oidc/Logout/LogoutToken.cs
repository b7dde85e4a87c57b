// OpenID Connect Back-Channel Logout 1.0 §2.4: the logout token.
using System.Security.Cryptography;
using System.Text.Json;
using Jose;

namespace Oidc;

/// <summary>Writes and signs logout tokens: what a client is told when a session it took part in is over.</summary>
public static class LogoutToken
{
    // §2.4 recommends the type, so that no token of another kind can be taken for one (RFC 8725 §3.11).
    public const string Type = "logout+jwt";

    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    // §4: two minutes at most. Every try sends a token of its own.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <param name="key">Of the algorithm the client registered for its ID tokens (§2.6 has it validate both alike).</param>
    public static string Sign(LogoutNotice notice, string issuer, DateTimeOffset now, SigningKey key) =>
        JwtPayload.Sign(key, Type, (notice, issuer, now), static (writer, state) => Write(writer, state.notice, state.issuer, state.now));

    private static void Write(Utf8JsonWriter writer, LogoutNotice notice, string issuer, DateTimeOffset now)
    {
        writer.WriteStartObject();
        writer.WriteString("iss"u8, issuer);
        writer.WriteString("sub"u8, notice.Subject);
        writer.WriteString("aud"u8, notice.ClientId);
        writer.WriteTime("iat"u8, now);
        writer.WriteTime("exp"u8, now + Lifetime);
        writer.WriteString("jti"u8, RandomNumberGenerator.GetHexString(32, lowercase: true));
        writer.WriteString("sid"u8, notice.SessionId);
        writer.WriteStartObject("events"u8);
        writer.WriteStartObject(Event);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}

/// <summary>Who is to be told which session of which person is over.</summary>
public sealed record LogoutNotice(string ClientId, string Subject, string SessionId);
