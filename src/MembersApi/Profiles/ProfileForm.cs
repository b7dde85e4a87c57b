using System.Globalization;
using System.Net.Mail;
using System.Text.Json;

namespace MembersApi;

/// <summary>
/// Reads a profile out of a body and gathers everything that is wrong with it, so that a person corrects all at once.
/// Texts are trimmed; what is then empty counts as absent.
/// </summary>
/// <param name="body">The JSON object of the request; unknown members are ignored.</param>
/// <param name="now">Decides what lies in the future.</param>
/// <param name="language">Of the sentences.</param>
internal sealed class ProfileForm(JsonElement body, DateTimeOffset now, Language language)
{
    private const int MaxName = 200;
    private const int MaxGender = 32;
    private const int MaxText = 500;

    // RFC 5321 §4.5.3.1.3: a path has 256 octets, two of them brackets.
    private const int MaxEmail = 254;

    // It is already tomorrow somewhere.
    private readonly DateOnly _today = DateOnly.FromDateTime(now.UtcDateTime.AddHours(14));
    private readonly Dictionary<string, string> _problems = new(StringComparer.Ordinal);

    /// <summary>Member → sentence.</summary>
    public IReadOnlyDictionary<string, string> Problems => _problems;

    /// <summary>The profile, or null when there are problems.</summary>
    public Profile? Read()
    {
        var profile = new Profile
        {
            Name = Required("name", MaxName),
            Gender = Text("gender", MaxGender),
            BirthDate = Date("birth_date", new DateOnly(1900, 1, 1), _today),
            ContactInfo = Text("contact_info", MaxText),
            Companions = Text("companions", MaxText),
            EmergencyContact = Text("emergency_contact", MaxText),
            Email = Email("email"),
            CheckupDate = Date("checkup_date", new DateOnly(2000, 1, 1), _today.AddYears(10)),
        };
        return _problems.Count == 0 ? profile : null;
    }

    private string Email(string name)
    {
        var text = Required(name, MaxEmail);
        if (text.Length > 0 && (!MailAddress.TryCreate(text, out var address) || address.Address != text || text.Any(char.IsWhiteSpace)))
        {
            Refuse(name, FieldProblem.NotAnAddress);
        }

        return text;
    }

    private DateOnly? Date(string name, DateOnly earliest, DateOnly latest)
    {
        if (Text(name, MaxText) is not { } text)
        {
            return null;
        }

        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            Refuse(name, FieldProblem.NotADate);
        }
        else if (date < earliest || date > latest)
        {
            Refuse(name, FieldProblem.ImpossibleDate);
        }

        return date;
    }

    private string Required(string name, int maxLength)
    {
        var text = Text(name, maxLength);
        if (text is null)
        {
            Refuse(name, FieldProblem.Missing);
        }

        return text ?? "";
    }

    private string? Text(string name, int maxLength)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (!TryGetText(value, out var text))
        {
            Refuse(name, FieldProblem.NotText);
        }
        else if (text.Length > maxLength)
        {
            Refuse(name, FieldProblem.TooLong(maxLength));
        }
        else if (text.Any(c => char.IsControl(c) && c != '\n'))
        {
            Refuse(name, FieldProblem.Unstorable);
        }

        return text is { Length: > 0 } ? text : null;
    }

    private static bool TryGetText(JsonElement value, out string text)
    {
        text = "";
        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString()!.ReplaceLineEndings("\n").Trim() : "";
            return value.ValueKind == JsonValueKind.String;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, escaped.
            return false;
        }
    }

    // The first problem of a field is the one to mend first.
    private void Refuse(string name, FieldProblem problem) => _problems.TryAdd(name, problem.In(language));
}
