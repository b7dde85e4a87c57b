using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AccessTokens;

/// <summary>
/// The access token of a request: sent in the Authorization header (RFC 6750 §2.1) and in no other way. A token in the body or in the
/// query (§2.2, §2.3) is not looked at, except to refuse a request that uses two ways at once (§2).
/// </summary>
internal sealed record BearerCredentials(string? Token, bool Malformed)
{
    private const string Scheme = "Bearer";
    private const string ParameterName = "access_token";

    // The form is only searched for one name; its size in all is the server's limit for bodies.
    private static readonly FormOptions Form = new() { KeyLengthLimit = 512, ValueLengthLimit = 16 * 1024, ValueCountLimit = 128 };

    private static readonly BearerCredentials None = new(null, Malformed: false);
    private static readonly BearerCredentials Refused = new(null, Malformed: true);

    // RFC 6750 §2.1: b64token, with its "=" only at the end.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    public static async ValueTask<BearerCredentials> ReadAsync(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (header.Count == 0)
        {
            return None;
        }

        if (header.Count > 1)
        {
            return Refused;
        }

        var value = header.ToString();
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        var scheme = space < 0 ? value : value[..space];
        if (!scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return None;
        }

        var token = space < 0 ? "" : value[space..].Trim(' ');
        return IsToken(token) && !request.Query.ContainsKey(ParameterName) && !await IsInFormAsync(request)
            ? new BearerCredentials(token, Malformed: false)
            : Refused;
    }

    private static bool IsToken(string text)
    {
        var body = text.AsSpan().TrimEnd('=');
        return body.Length > 0 && !body.ContainsAnyExcept(TokenCharacters);
    }

    private static async ValueTask<bool> IsInFormAsync(HttpRequest request)
    {
        // RFC 6750 §2.2: only this type of body can carry a token.
        if (request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
        {
            return false;
        }

        try
        {
            return (await request.ReadFormAsync(Form, request.HttpContext.RequestAborted)).ContainsKey(ParameterName);
        }
        catch (InvalidDataException)
        {
            // A form that cannot be read can hide anything.
            return true;
        }
    }
}
