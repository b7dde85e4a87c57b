// RFC 6749 §3.1, §3.2 and Appendix B: request parameters, read strictly and once.
using System.Buffers;
using System.Text;

namespace Oidc;

/// <summary>
/// The parameters of a request. Empty counts as absent, doubled ones are refused (unknown ones included) except <c>resource</c> and
/// <c>audience</c>, and nothing is cut: what is too long or wrongly encoded is an error.
/// </summary>
public sealed class Parameters
{
    private const int DefaultLimit = 512;

    // An honest request has about twenty; each one is compared with all before it.
    private const int MaxCount = 100;

    private readonly List<KeyValuePair<string, string>> _items;

    private Parameters(List<KeyValuePair<string, string>> items) => _items = items;

    public static Parameters Empty { get; } = new([]);

    /// <summary>Everything that was sent and not empty, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Items => _items;

    public string? this[string name]
    {
        get
        {
            foreach (var item in _items)
            {
                if (string.Equals(item.Key, name, StringComparison.Ordinal))
                {
                    return item.Value;
                }
            }

            return null;
        }
    }

    public IReadOnlyList<string> All(string name) => [.. _items.Where(item => string.Equals(item.Key, name, StringComparison.Ordinal)).Select(item => item.Value)];

    public bool Has(string name) => this[name] is not null;

    /// <summary>Was it sent once and within its length, so that it may be repeated to the client?</summary>
    public bool IsSound(string name) => All(name) is [var only] && only.Length <= LimitOf(name);

    /// <summary>Parameters that were read and kept earlier, such as those of an interaction.</summary>
    public static Parameters From(IEnumerable<KeyValuePair<string, string>> items) => new([.. items]);

    /// <summary>Reads <c>application/x-www-form-urlencoded</c> text: a query string without its question mark, or a body.</summary>
    public static ParametersOutcome Parse(ReadOnlySpan<char> text)
    {
        var items = new List<KeyValuePair<string, string>>(8);
        OAuthError? error = null;
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            var equals = pair.IndexOf('=');
            var name = DecodeComponent(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : DecodeComponent(pair[(equals + 1)..]);
            if (name is null || value is null)
            {
                // Which one is not told apart by name: the name itself may be what is broken.
                return new ParametersOutcome(new Parameters(items), OAuthError.InvalidRequest("A parameter is not valid UTF-8 in form encoding.") with { MayRedirect = false });
            }

            if (value.Length == 0)
            {
                continue;
            }

            if (items.Count == MaxCount)
            {
                return new ParametersOutcome(new Parameters(items), OAuthError.InvalidRequest("The request has too many parameters.") with { MayRedirect = false });
            }

            // What leaves no place to redirect to outweighs whatever was wrong before it.
            var problem = Check(items, name, value);
            error = error is null || problem is { MayRedirect: false } ? problem : error;
            items.Add(new(name, value));
        }

        return new ParametersOutcome(new Parameters(items), error);
    }

    private static OAuthError? Check(List<KeyValuePair<string, string>> items, string name, string value)
    {
        // A doubled or oversized client_id or redirect_uri leaves no URI that could be trusted with the answer.
        var mayRedirect = name is not ("client_id" or "redirect_uri");
        if (value.Length > LimitOf(name))
        {
            return OAuthError.InvalidRequest(KnownName(name) is { } known ? $"The parameter {known} is too long." : "A parameter is too long.") with { MayRedirect = mayRedirect };
        }

        if (name is not ("resource" or "audience") && items.Exists(item => string.Equals(item.Key, name, StringComparison.Ordinal)))
        {
            return OAuthError.InvalidRequest(KnownName(name) is { } known ? $"The parameter {known} was sent twice." : "A parameter was sent twice.") with { MayRedirect = mayRedirect };
        }

        return null;
    }

    private static int LimitOf(string name) => name switch
    {
        "state" or "nonce" => 2_048,
        "claims" => 4_096,
        "id_token_hint" or "request" or "client_assertion" or "subject_token" or "actor_token" or "refresh_token" or "access_token" or "token" => 16_384,
        _ => DefaultLimit,
    };

    // Only what looks like a registered name (RFC 6749 §11.2) is repeated to the client and the log: anything else may be a value in the wrong place.
    private static string? KnownName(string name) => name.Length <= 40 && name.All(character => char.IsAsciiLetterLower(character) || character == '_') ? name : null;

    /// <summary>Decodes one form-encoded component; null when it is not valid.</summary>
    internal static string? DecodeComponent(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('%', '+') < 0 && Ascii.IsValid(text) && text.IndexOf('\0') < 0)
        {
            return text.ToString();
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            var length = Unescape(text, bytes);
            if (length < 0)
            {
                return null;
            }

            // U+0000 is legal UTF-8 but no parameter has a use for it, and PostgreSQL cannot store it.
            var decoded = StrictUtf8.GetString(bytes, 0, length);
            return decoded.Contains('\0') ? null : decoded;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
        finally
        {
            // It may have been a secret.
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    private static int Unescape(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '+':
                    bytes[length++] = (byte)' ';
                    break;
                case '%':
                    if (index + 2 >= text.Length || !char.IsAsciiHexDigit(text[index + 1]) || !char.IsAsciiHexDigit(text[index + 2]))
                    {
                        return -1;
                    }

                    bytes[length++] = Convert.FromHexString(text.Slice(index + 1, 2))[0];
                    index += 2;
                    break;
                case < (char)0x80:
                    bytes[length++] = (byte)text[index];
                    break;
                default:
                    // Bytes above 0x7F must be percent-encoded; Kestrel hands unescaped ones over as they came.
                    return -1;
            }
        }

        return length;
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}

/// <summary>What was read, and the first thing wrong with it. The parameters are kept either way: an error may have to be redirected.</summary>
public sealed record ParametersOutcome(Parameters Parameters, OAuthError? Error);
