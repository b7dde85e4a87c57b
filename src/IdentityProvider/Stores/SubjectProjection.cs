using System.Text.Json;
using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>The one way the protocol reads a person: <c>people p</c> as a <see cref="SubjectSnapshot"/>, in every statement the same.</summary>
internal static class SubjectProjection
{
    /// <summary>How many columns it takes.</summary>
    public const int Width = 11;

    /// <summary>Columns over <c>people p</c>. The locale is a column of its own because pages read it; to the protocol it is a claim like others.</summary>
    public const string Columns = """
        p.id as subject, p.disabled_at is null as enabled, p.name as full_name, p.email, p.email_verified_at is not null as email_verified,
            p.phone_number, p.phone_verified_at is not null as phone_verified, p.avatar_url, p.updated_at as person_updated_at,
            array(select r.name::text from person_roles pr join roles r on r.id = pr.role_id where pr.person_id = p.id order by 1) as roles,
            case when p.locale is null then p.claims else coalesce(p.claims, '{}') || jsonb_build_object('locale', p.locale) end as other_claims
        """;

    /// <summary>A snapshot from the columns that begin at <paramref name="first"/>.</summary>
    /// <param name="withClaims">Whether somebody will ask for the other claims: userinfo does, and an ID token that was to carry some.</param>
    public static SubjectSnapshot Read(NpgsqlDataReader reader, int first, bool withClaims) =>
        new(reader.GetGuid(first).ToString("D"), reader.GetBoolean(first + 1))
        {
            Name = TextOf(reader, first + 2),
            Email = TextOf(reader, first + 3),
            EmailVerified = reader.GetBoolean(first + 4),
            PhoneNumber = TextOf(reader, first + 5),
            PhoneNumberVerified = reader.GetBoolean(first + 6),
            Picture = TextOf(reader, first + 7),
            UpdatedAt = reader.GetFieldValue<DateTimeOffset>(first + 8),
            Roles = reader.GetFieldValue<string[]>(first + 9),
            OtherClaims = withClaims && !reader.IsDBNull(first + 10) ? Parse(reader.GetFieldValue<string>(first + 10)) : null,
        };

    private static JsonElement Parse(string json)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
        return JsonElement.ParseValue(ref reader);
    }

    private static string? TextOf(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
