using Npgsql;
using NpgsqlTypes;

namespace IdentityProvider;

/// <summary>The table <c>clients</c>, column by column: the order of <see cref="Columns"/> is the order in which rows are read and written.</summary>
internal static class ClientTable
{
    private static readonly string[] Columns =
    [
        "id", "name", "enabled", "first_party", "authentication_methods", "grant_types", "redirect_uris", "post_logout_redirect_uris", "scopes",
        "require_pkce", "id_token_algorithm", "rotate_refresh_tokens", "home_uri", "jwks", "jwks_uri", "token_endpoint_auth_signing_alg", "security_profile",
        "access_token_format", "backchannel_logout_uri", "backchannel_logout_session_required", "frontchannel_logout_uri",
        "frontchannel_logout_session_required", "survives_logout", "logo_uri", "policy_uri", "tos_uri", "required_acr", "managed_by", "origin", "updated_at",
        "created_at", "account_access",
    ];

    public static string SelectSql { get; } = $"select {string.Join(", ", Columns)} from clients order by id";

    private static readonly string SaveSql = $"""
        insert into clients ({string.Join(", ", Columns)}) values ({string.Join(", ", Columns.Select((_, index) => $"${index + 1}"))})
        on conflict (id) do update set {string.Join(", ", Columns.Where(column => column is not ("id" or "created_at")).Select(column => $"{column} = excluded.{column}"))}
        """;

    public static async Task SaveAsync(NpgsqlConnection connection, ClientRow row, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(SaveSql, connection);
        command.Parameters.AddRange(
        (NpgsqlParameter[])[
            Text(row.Id), Text(row.Name), Flag(row.Enabled), Flag(row.FirstParty), Texts(row.AuthenticationMethods), Texts(row.GrantTypes),
            Texts(row.RedirectUris), Texts(row.PostLogoutRedirectUris), Texts(row.Scopes), Flag(row.RequirePkce), Text(row.IdTokenAlgorithm),
            Flag(row.RotateRefreshTokens), Text(row.HomeUri), Json(row.Jwks), Text(row.JwksUri), Text(row.TokenEndpointAuthSigningAlg),
            Flag(row.SecurityProfile), Text(row.AccessTokenFormat), Text(row.BackchannelLogoutUri), Flag(row.BackchannelLogoutSessionRequired),
            Text(row.FrontchannelLogoutUri), Flag(row.FrontchannelLogoutSessionRequired), Flag(row.SurvivesLogout), Text(row.LogoUri),
            Text(row.PolicyUri), Text(row.TosUri), Text(row.RequiredAcr), Text(row.ManagedBy), Text(row.Origin), Time(row.UpdatedAt),
            Time(row.CreatedAt), Flag(row.AccountAccess),
        ]);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static ClientRow Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Enabled = row.GetBoolean(2),
        FirstParty = row.GetBoolean(3),
        AuthenticationMethods = row.GetFieldValue<string[]>(4),
        GrantTypes = row.GetFieldValue<string[]>(5),
        RedirectUris = row.GetFieldValue<string[]>(6),
        PostLogoutRedirectUris = row.GetFieldValue<string[]>(7),
        Scopes = row.GetFieldValue<string[]>(8),
        RequirePkce = row.GetBoolean(9),
        IdTokenAlgorithm = row.GetString(10),
        RotateRefreshTokens = row.GetBoolean(11),
        HomeUri = TextOf(row, 12),
        Jwks = TextOf(row, 13),
        JwksUri = TextOf(row, 14),
        TokenEndpointAuthSigningAlg = TextOf(row, 15),
        SecurityProfile = row.GetBoolean(16),
        AccessTokenFormat = row.GetString(17),
        BackchannelLogoutUri = TextOf(row, 18),
        BackchannelLogoutSessionRequired = row.GetBoolean(19),
        FrontchannelLogoutUri = TextOf(row, 20),
        FrontchannelLogoutSessionRequired = row.GetBoolean(21),
        SurvivesLogout = row.GetBoolean(22),
        LogoUri = TextOf(row, 23),
        PolicyUri = TextOf(row, 24),
        TosUri = TextOf(row, 25),
        RequiredAcr = TextOf(row, 26),
        ManagedBy = row.GetString(27),
        Origin = TextOf(row, 28),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(29),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(30),
        AccountAccess = row.GetBoolean(31),
    };

    private static string? TextOf(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static NpgsqlParameter<string?> Text(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<string?> Json(string? value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlParameter<string[]> Texts(string[] value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter<bool> Flag(bool value) => new() { TypedValue = value };

    private static NpgsqlParameter<DateTimeOffset> Time(DateTimeOffset value) => new() { TypedValue = value };
}
