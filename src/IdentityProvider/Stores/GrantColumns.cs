using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>A <see cref="Grant"/> as columns; a code carries them until its redemption makes them a row of <c>grants</c>.</summary>
internal static class GrantColumns
{
    /// <summary>How many columns it takes.</summary>
    public const int Width = 9;

    /// <summary>Columns over <c>grants g</c>.</summary>
    public const string OfGrant = "g.id as grant_id, g.client_id, g.person_id, g.session_id, g.scopes, g.resources, g.authenticated_at, g.acr, g.amr";

    /// <summary>Columns over <c>authorization_codes c</c>.</summary>
    public const string OfCode = "c.grant_id, c.client_id, c.person_id, c.session_id, c.scopes, c.resources, c.authenticated_at, c.acr, c.amr";

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
    };
}
