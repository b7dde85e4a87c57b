// OpenID Connect Core §5.3.2 and §5.4: which claims each scope opens.
using System.Text.Json;

namespace Oidc;

/// <summary>Writes the userinfo answer: the claims of the granted scopes that the person has, and none that is empty.</summary>
public static class UserInfoClaims
{
    // Core §5.4; name, picture and updated_at have columns of their own.
    private static readonly string[] ProfileClaims =
        ["given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "website", "gender", "birthdate", "zoneinfo", "locale"];

    public static void Write(Utf8JsonWriter writer, SubjectSnapshot person, IReadOnlyCollection<string> scopes)
    {
        writer.WriteStartObject();
        writer.WriteString("sub"u8, person.Subject);
        if (scopes.Contains("profile"))
        {
            WriteProfile(writer, person);
        }

        if (scopes.Contains("email") && person.Email is { Length: > 0 } email)
        {
            writer.WriteString("email"u8, email);
            writer.WriteBoolean("email_verified"u8, person.EmailVerified);
        }

        if (scopes.Contains("phone") && person.PhoneNumber is { Length: > 0 } phone)
        {
            writer.WriteString("phone_number"u8, phone);
            writer.WriteBoolean("phone_number_verified"u8, person.PhoneNumberVerified);
        }

        if (scopes.Contains("address"))
        {
            WriteOther(writer, person, "address");
        }

        if (scopes.Contains("members") && person.Roles.Count > 0)
        {
            writer.WriteOneOrMany("role"u8, person.Roles);
        }

        writer.WriteEndObject();
    }

    private static void WriteProfile(Utf8JsonWriter writer, SubjectSnapshot person)
    {
        if (person.Name is { Length: > 0 } name)
        {
            writer.WriteString("name"u8, name);
        }

        if (person.Picture is { Length: > 0 } picture)
        {
            writer.WriteString("picture"u8, picture);
        }

        foreach (var claim in ProfileClaims)
        {
            WriteOther(writer, person, claim);
        }

        if (person.UpdatedAt is { } updatedAt)
        {
            writer.WriteTime("updated_at"u8, updatedAt);
        }
    }

    private static void WriteOther(Utf8JsonWriter writer, SubjectSnapshot person, string claim)
    {
        if (person.OtherClaims is { ValueKind: JsonValueKind.Object } claims && claims.TryGetProperty(claim, out var value) && !IsEmpty(value))
        {
            writer.WritePropertyName(claim);
            value.WriteTo(writer);
        }
    }

    // Core §5.3.2: neither null nor an empty string stands for a claim that is not there.
    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""u8),
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
