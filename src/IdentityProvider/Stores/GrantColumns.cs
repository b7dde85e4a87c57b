using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>A <see cref="Grant"/> as columns; a code carries them until its redemption makes them a row of <c>grants</c>.</summary>
internal static class GrantColumns
{
    /// <summary>How many columns it takes.</summary>
    public const int Width = 11;

    /// <summary>Columns over <c>grants g</c>.</summary>
    public const string OfGrant = "g.id as grant_id, g.client_id, g.person_id, g.session_id, g.scopes, g.resources, g.authenticated_at, g.acr, g.amr, g.id_token_claims, g.userinfo_claims";

    /// <summary>Columns over <c>authorization_codes c</c>.</summary>
    public const string OfCode = "c.grant_id, c.client_id, c.person_id, c.session_id, c.scopes, c.resources, c.authenticated_at, c.acr, c.amr, c.id_token_claims, c.userinfo_claims";

    /// <summary>A grant from the columns that begin at <paramref name="first"/>.</summary>
    public static Grant Read(NpgsqlDataReader reader, int first) => new()
    {
        Id = reader.GetGuid(first),
        ClientId = reader.GetString(first + 1),
        Subject = reader.GetGuid(first + 2).ToString("D"),
        SessionId = reader.GetString(first + 3),
        Scopes = reader.GetFieldValue<string[]>(first + 4),
        Resources = reader.GetFieldValue<string[]>(first + 5),
        AuthenticatedAt = reader.GetFieldValue<DateTimeOffset>(first + 6),
        Acr = reader.GetString(first + 7),
        Amr = reader.GetFieldValue<string[]>(first + 8),
        IdTokenClaims = Claims(reader, first + 9),
        UserInfoClaims = Claims(reader, first + 10),
    };

    /// <summary>Claims asked for one by one; most often there are none.</summary>
    public static string[] Claims(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<string[]>(column);
}
