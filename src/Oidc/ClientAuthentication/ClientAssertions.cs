// RFC 7523 §3, OpenID Connect Core §9 (private_key_jwt), FAPI 2.0 §5.3.2.1: a client proves itself with a key of its own.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jose;

namespace Oidc;

/// <summary>Judges client assertions: signed by the client's own key, for this provider, short-lived, and used once.</summary>
public sealed class ClientAssertions(OidcOptions options, IClientKeys keys, IAssertionStore store)
{
    /// <summary>A longer life would only give a thief more time, and the memory of used assertions more to keep (CVE-2025-2559).</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);

    // For iat and nbf, which the client's own clock wrote.
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private const int LongestId = 512;

    private static readonly string[] Types = [IdToken.Type, "client-authentication+jwt"];

    private readonly string _tokenEndpoint = options.Issuer + Endpoints.Token;

    /// <returns>Null when it proves the client; otherwise which rule refused, for the log.</returns>
    public async ValueTask<string?> JudgeAsync(Client client, string assertion, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await keys.GetAsync(client, cancellation) is not { } known)
        {
            return "the client's keys cannot be read";
        }

        var reading = Read(client, assertion, known, now);
        if (reading.Refusal == JwtRefusal.UnknownKey && await keys.GetNewerAsync(client, known, cancellation) is { } newer)
        {
            reading = Read(client, assertion, newer, now);
        }

        if (!reading.Accepted)
        {
            return reading.Refusal.Value.ToString();
        }

        if (Judge(client, reading.Claims, now) is { } problem)
        {
            return problem;
        }

        // RFC 7523 §3 (7): once. Two clients may choose the same jti.
        var used = SHA256.HashData(Encoding.UTF8.GetBytes($"{client.Id}\n{reading.Claims.Id}"));
        return await store.UseAsync(used, reading.Claims.ExpiresAt!.Value, cancellation) ? null : "used before";
    }

    private static JwtReading Read(Client client, string assertion, JwkSet known, DateTimeOffset now)
    {
        var reading = Jwt.Read(assertion, ExpectationsOf(client, Types[0]), known, now);
        return reading.Refusal == JwtRefusal.WrongType ? Jwt.Read(assertion, ExpectationsOf(client, Types[1]), known, now) : reading;
    }

    private static JwtExpectations ExpectationsOf(Client client, string type) => new()
    {
        Type = type,
        Issuer = client.Id,

        // Judged below: what is accepted depends on the client, and on how it is written.
        Audience = ExpectedAudience.Any,
        Algorithms = client.AssertionAlgorithm is { } only ? [only] : Algorithms.All,
        Skew = Skew,
        RequiredClaims = ["iss", "sub", "aud", "exp", "jti"],
    };

    private string? Judge(Client client, JwtClaims claims, DateTimeOffset now)
    {
        // RFC 7523 §3 (2) B: iss and sub are both the client.
        if (!string.Equals(claims.Subject, client.Id, StringComparison.Ordinal))
        {
            return "the subject is not the client";
        }

        if (!IsForUs(client, claims))
        {
            return "the audience is not this provider";
        }

        // To exp no skew is granted: the client chose it itself.
        if (claims.ExpiresAt <= now)
        {
            return nameof(JwtRefusal.Expired);
        }

        if (claims.ExpiresAt > now + LongestLife)
        {
            return "it lives too long";
        }

        return claims.Id is { Length: > 0 and <= LongestId } ? null : "its jti is empty or too long";
    }

    // RFC 7523 §3 (3): the issuer or the token endpoint. An assertion that names another server besides could have been made for that one, which is why
    // the security profile wants the issuer alone, and as a string.
    private bool IsForUs(Client client, JwtClaims claims) => client.SecurityProfile
        ? claims.Json.GetProperty("aud"u8) is { ValueKind: JsonValueKind.String } only && only.ValueEquals(options.Issuer)
        : claims.Audience.Contains(options.Issuer) || claims.Audience.Contains(_tokenEndpoint);
}
