using System.Globalization;
using System.Text;
using System.Text.Json;
using AccessTokens;
using Accounts;

namespace IdentityProvider;

/// <summary>
/// The members of a body, read strictly: text and nothing else, in its length, well-formed and without control characters. Null and empty count as
/// absent, members nobody asks for are ignored. What is wrong is collected, so that one answer names every field.
/// </summary>
internal sealed class RequestFields
{
    private const int DefaultLimit = 512;
    private const int NameLimit = 256;

    // An address on a line of its own with everything people paste around it.
    private const int AddressLimit = 512;

    private readonly JsonElement _body;
    private readonly SortedDictionary<string, string> _problems = new(StringComparer.Ordinal);

    private RequestFields(JsonElement body) => _body = body;

    /// <summary>What is to be answered instead of going on; to be asked once everything was read.</summary>
    public ApiError? Refusal => _problems.Count == 0 ? null : ApiError.InvalidFields(_problems);

    public static async Task<(RequestFields? Fields, ApiError? Refusal)> ReadAsync(HttpContext context)
    {
        var reading = await JsonBody.ReadAsync(context.Request);
        return reading switch
        {
            { Refused: false } => (new RequestFields(reading.Body), null),
            { Refusal.Status: StatusCodes.Status400BadRequest } => (null, ApiErrors.Field("body", reading.Refusal.Text)),
            _ => (null, reading.Refusal),
        };
    }

    /// <summary>The text, or null when it is absent or refused.</summary>
    public string? Text(string name, int limit = DefaultLimit)
    {
        if (!_body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Refuse(name, "must be text");
        }

        if (TextOf(value) is not { } text || text.EnumerateRunes().Any(IsControl))
        {
            return Refuse(name, "must not hold control characters or halves of characters");
        }

        if (text.Length > limit)
        {
            return Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must have at most {limit} characters"));
        }

        return text.Length == 0 ? null : text;
    }

    public string Required(string name, int limit = DefaultLimit) => Text(name, limit) ?? Missing(name);

    /// <summary>An e-mail address in its canonical form.</summary>
    public string Email(string name)
    {
        var typed = Required(name, AddressLimit);
        return typed.Length == 0 ? "" : EmailAddress.Canonical(typed) ?? Refuse(name, "must be an e-mail address") ?? "";
    }

    public string Phone(string name)
    {
        var typed = Required(name);
        return typed.Length == 0 ? "" : PhoneNumber.Canonical(typed) ?? Refuse(name, "must be a phone number") ?? "";
    }

    /// <summary>Six digits, however they were typed.</summary>
    public string Code()
    {
        var typed = Required("code");
        return typed.Length == 0 || OneTimeCodes.HasCode(typed) ? typed : Refuse("code", "must be six digits") ?? "";
    }

    /// <summary>One of these names.</summary>
    public string OneOf(string name, params ReadOnlySpan<string> names)
    {
        var given = Required(name);
        return given.Length == 0 || names.Contains(given) ? given : Refuse(name, $"must be one of {string.Join(", ", names)}") ?? "";
    }

    /// <summary>A password as typed. Its length counts in characters, of which each may take two places.</summary>
    public string? Password(string name)
    {
        var typed = Text(name, 2 * PasswordPolicy.MaximumLength);
        return typed is null || typed.EnumerateRunes().Count() <= PasswordPolicy.MaximumLength
            ? typed
            : Refuse(name, string.Create(CultureInfo.InvariantCulture, $"must have at most {PasswordPolicy.MaximumLength} characters"));
    }

    public string RequiredPassword(string name) => Password(name) ?? Missing(name);

    /// <summary>What a person wants to be called.</summary>
    public string? PersonName() => Text("name", NameLimit);

    /// <summary>Whether the member is there, however wrong.</summary>
    public bool Has(string name) => _body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8));

    /// <summary>Says what is wrong with a field.</summary>
    public string? Refuse(string name, string problem)
    {
        _problems.TryAdd(name, problem);
        return null;
    }

    private string Missing(string name)
    {
        _problems.TryAdd(name, "is missing");
        return "";
    }

    // Escapes may make halves of characters, which no string can be read from.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // U+2028 and U+2029 end lines as well.
    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || rune == Rune.ReplacementChar;
}
