// OpenID Connect Core §5.1 and §5.4: what may be told of a person, and the scope that opens it.
using System.Collections.Frozen;
using System.Text.Json;

namespace Oidc;

/// <summary>A scope and the claims it opens.</summary>
public sealed record ClaimGroup(string Scope, IReadOnlyList<string> Claims);

/// <summary>
/// Every claim there is about a person. A claim the person does not have is left out, never sent as null or as an empty string (Core §5.3.2).
/// </summary>
public static class StandardClaims
{
    public const string Subject = "sub";

    public static IReadOnlyList<ClaimGroup> Groups { get; } =
    [
        new("profile",
        [
            "name", "picture", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "website", "gender", "birthdate", "zoneinfo", "locale",
            "updated_at",
        ]),
        new("email", ["email", "email_verified"]),
        new("phone", ["phone_number", "phone_number_verified"]),
        new("address", ["address"]),
        new("members", ["role"]),
    ];

    private static readonly FrozenDictionary<string, string> Scopes =
        Groups.SelectMany(group => group.Claims, (group, claim) => KeyValuePair.Create(claim, group.Scope)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The scope a client must hold to be told this; null when it is no claim about a person.</summary>
    public static string? ScopeOf(string claim) => Scopes.GetValueOrDefault(claim);

    public static void Write(Utf8JsonWriter writer, SubjectSnapshot person, string claim)
    {
        switch (claim)
        {
            case "name":
                WriteText(writer, claim, person.Name);
                break;
            case "picture":
                WriteText(writer, claim, person.Picture);
                break;
            case "updated_at" when person.UpdatedAt is { } updatedAt:
                writer.WriteTime("updated_at"u8, updatedAt);
                break;
            case "email":
                WriteText(writer, claim, person.Email);
                break;
            case "email_verified" when person.Email is { Length: > 0 }:
                writer.WriteBoolean("email_verified"u8, person.EmailVerified);
                break;
            case "phone_number":
                WriteText(writer, claim, person.PhoneNumber);
                break;
            case "phone_number_verified" when person.PhoneNumber is { Length: > 0 }:
                writer.WriteBoolean("phone_number_verified"u8, person.PhoneNumberVerified);
                break;
            case "role" when person.Roles.Count > 0:
                writer.WriteOneOrMany("role"u8, person.Roles);
                break;
            default:
                WriteOther(writer, person, claim);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string claim, string? value)
    {
        if (value is { Length: > 0 })
        {
            writer.WriteString(claim, value);
        }
    }

    private static void WriteOther(Utf8JsonWriter writer, SubjectSnapshot person, string claim)
    {
        // What has a column of its own is never taken from there as well.
        if (claim is not ("updated_at" or "email_verified" or "phone_number_verified" or "role")
            && person.OtherClaims is { ValueKind: JsonValueKind.Object } claims && claims.TryGetProperty(claim, out var value) && !IsEmpty(value))
        {
            writer.WritePropertyName(claim);
            value.WriteTo(writer);
        }
    }

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""u8),
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
