using System.Buffers;
using System.Text;

namespace Jose;

/// <summary>JSON Web Tokens (RFC 7519) in the compact serialization of JWS (RFC 7515 §7.1).</summary>
public static class Jwt
{
    /// <summary>Longest token that is read, in characters.</summary>
    public const int MaxLength = 16 * 1024;

    private const int OnStack = 2048;

    /// <summary>A signed token.</summary>
    /// <param name="key">Decides the algorithm.</param>
    /// <param name="type">The header's <c>typ</c> (RFC 8725 §3.11): one of the few that the caller issues, since its header is kept with
    /// the key.</param>
    /// <param name="payloadUtf8Json">The claims, one JSON object; taken as it is.</param>
    public static string Sign(SigningKey key, string type, ReadOnlySpan<byte> payloadUtf8Json)
    {
        var header = key.HeaderFor(type);
        var length = header.Length + 1 + Base64Url.EncodedLength(payloadUtf8Json.Length) + 1 + Base64Url.EncodedLength(key.SignatureLength);
        var rented = length > OnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var token = rented is null ? stackalloc byte[OnStack] : rented;

        // RFC 7515 §5.1: BASE64URL(header) '.' BASE64URL(payload) is what is signed, and the signature is appended after another '.'.
        header.CopyTo(token);
        var written = header.Length;
        token[written++] = (byte)'.';
        written += Base64Url.Encode(payloadUtf8Json, token[written..]);

        Span<byte> signature = stackalloc byte[key.SignatureLength];
        key.Sign(token[..written], signature);
        token[written++] = (byte)'.';
        written += Base64Url.Encode(signature, token[written..]);

        var text = Encoding.ASCII.GetString(token[..written]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return text;
    }

    /// <summary>Judges a token that anybody may have sent. Bad input is an answer, never an exception.</summary>
    /// <param name="token">The text as it came.</param>
    /// <param name="expectations">What it must be.</param>
    /// <param name="keys">Whose signatures count.</param>
    /// <param name="now">The time at which it is judged.</param>
    public static JwtReading Read(string token, JwtExpectations expectations, JwkSet keys, DateTimeOffset now)
    {
        if (token.Length > MaxLength)
        {
            return JwtReading.Refuse(JwtRefusal.TooLong);
        }

        var rented = token.Length > OnStack ? ArrayPool<byte>.Shared.Rent(token.Length) : null;
        var ascii = rented is null ? stackalloc byte[OnStack] : rented;
        try
        {
            return Ascii.FromUtf16(token, ascii, out var length) == OperationStatus.Done
                ? Judge(ascii[..length], expectations, keys, now)
                : JwtReading.Refuse(JwtRefusal.NotCompact);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>
    /// What an unverified token says of its issuer: it tells with whose keys the token is to be judged, and nothing else may rest on it.
    /// </summary>
    public static string? UnverifiedIssuerOf(string token)
    {
        var parts = token.Length <= MaxLength ? token.Split('.') : [];
        return parts.Length == 3
            && Base64Url.TryDecode(parts[1], out var payload)
            && StrictJson.TryReadObject(payload, out var claims)
            && StrictJson.TryGetText(claims, "iss"u8, out var issuer)
            ? issuer
            : null;
    }

    private static JwtReading Judge(ReadOnlySpan<byte> token, JwtExpectations expectations, JwkSet keys, DateTimeOffset now)
    {
        // RFC 7515 §5.2 steps 1 and 2, RFC 7519 §7.2: exactly two periods; five parts would be a JWE, which nobody here issues.
        var afterHeader = token.IndexOf((byte)'.');
        var afterPayload = token.LastIndexOf((byte)'.');
        if (afterHeader <= 0 || afterPayload <= afterHeader
            || !Base64Url.TryDecode(token[..afterHeader], out var headerJson)
            || !Base64Url.TryDecode(token[(afterHeader + 1)..afterPayload], out var payload)
            || !Base64Url.TryDecode(token[(afterPayload + 1)..], out var signature))
        {
            return JwtReading.Refuse(JwtRefusal.NotCompact);
        }

        // Steps 3 and 4: the header, whose members are all judged before any of them chooses a key.
        if (JwtHeader.From(headerJson) is not { } header)
        {
            return JwtReading.Refuse(JwtRefusal.BadHeader);
        }

        if (Judge(header, expectations) is { } headerRefusal)
        {
            return JwtReading.Refuse(headerRefusal, header.KeyId);
        }

        // Step 8: the signature, by the key that the issuer's set names, under the one algorithm this key serves.
        if (keys.Find(header.KeyId, header.Algorithm) is not { } key)
        {
            return JwtReading.Refuse(JwtRefusal.UnknownKey, header.KeyId);
        }

        if (!key.Verify(token[..afterPayload], signature, header.Algorithm))
        {
            return JwtReading.Refuse(JwtRefusal.BadSignature, header.KeyId);
        }

        // RFC 7519 §7.2 step 10: the claims are looked at only now that somebody answers for them.
        if (!StrictJson.TryReadObject(payload, out var json) || JwtClaims.From(json) is not { } claims)
        {
            return JwtReading.Refuse(JwtRefusal.BadClaims, header.KeyId);
        }

        return Judge(claims, expectations, now) switch
        {
            null => JwtReading.Accept(claims, header.KeyId),
            JwtRefusal.Expired => JwtReading.Expire(claims, header.KeyId),
            { } refusal => JwtReading.Refuse(refusal, header.KeyId),
        };
    }

    private static JwtRefusal? Judge(JwtHeader header, JwtExpectations expectations) =>
        // RFC 7515 §4.1.11: an extension that is not understood makes the token invalid; an empty list is invalid too.
        header.HasCritical ? JwtRefusal.CriticalHeader
        : !expectations.Algorithms.Contains(header.Algorithm, StringComparer.Ordinal) ? JwtRefusal.WrongAlgorithm
        : !header.IsOfType(expectations.Type) ? JwtRefusal.WrongType
        : null;

    private static JwtRefusal? Judge(JwtClaims claims, JwtExpectations expectations, DateTimeOffset now)
    {
        if (!expectations.RequiredClaims.All(claims.Has))
        {
            return JwtRefusal.MissingClaim;
        }

        if (claims.Issuer != expectations.Issuer)
        {
            return JwtRefusal.WrongIssuer;
        }

        if (!expectations.Audience.Accepts(claims.Audience))
        {
            return JwtRefusal.WrongAudience;
        }

        // RFC 7519 §4.1.5 and §4.1.6; a token from the future is a clock out of order or a forgery in store.
        if (claims.NotBefore > now + expectations.Skew || claims.IssuedAt > now + expectations.Skew)
        {
            return JwtRefusal.NotYetValid;
        }

        // RFC 7519 §4.1.4: on or after this moment it is not accepted.
        return claims.ExpiresAt <= now - expectations.Skew ? JwtRefusal.Expired : null;
    }
}
