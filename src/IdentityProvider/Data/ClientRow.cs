using System.Collections.Frozen;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Jose;
using Oidc;

namespace IdentityProvider;

/// <summary>A registered client at rest; <see cref="Oidc.Client"/> says what each member means.</summary>
public sealed class ClientRow
{
    public const string JwtFormat = "jwt", ReferenceFormat = "reference";

    public required string Id { get; set; }
    public required string Name { get; set; }
    public bool Enabled { get; set; }
    public bool FirstParty { get; set; }
    public bool AccountAccess { get; set; }
    public required string[] AuthenticationMethods { get; set; }
    public required string[] GrantTypes { get; set; }
    public required string[] RedirectUris { get; set; }
    public required string[] PostLogoutRedirectUris { get; set; }
    public required string[] Scopes { get; set; }
    public bool RequirePkce { get; set; }
    public required string IdTokenAlgorithm { get; set; }
    public bool RotateRefreshTokens { get; set; }
    public string? HomeUri { get; set; }

    /// <summary>A JWK set as JSON, public keys only.</summary>
    public string? Jwks { get; set; }

    public string? JwksUri { get; set; }
    public string? TokenEndpointAuthSigningAlg { get; set; }
    public bool SecurityProfile { get; set; }

    /// <summary><c>jwt</c> or <c>reference</c>.</summary>
    public string AccessTokenFormat { get; set; } = JwtFormat;

    public string? BackchannelLogoutUri { get; set; }
    public bool BackchannelLogoutSessionRequired { get; set; }
    public string? FrontchannelLogoutUri { get; set; }
    public bool FrontchannelLogoutSessionRequired { get; set; }
    public bool SurvivesLogout { get; set; }
    public string? LogoUri { get; set; }
    public string? PolicyUri { get; set; }
    public string? TosUri { get; set; }
    public string? RequiredAcr { get; set; }

    /// <summary><c>file</c>: start-up applies the configuration file to it. <c>console</c>: an administrator made or took it over.</summary>
    public required string ManagedBy { get; set; }

    /// <summary><c>development</c> for what <c>config/development.yaml</c> made, otherwise null. Production refuses the former.</summary>
    public string? Origin { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset UpdatedAt { get; set; }

    internal Client ToClient(IReadOnlyList<ClientSecret> secrets) => new()
    {
        Id = Id,
        Name = Name,
        Enabled = Enabled,
        FirstParty = FirstParty,
        AccountAccess = AccountAccess,
        AuthenticationMethods = AuthenticationMethods.ToFrozenSet(StringComparer.Ordinal),
        Secrets = secrets,
        GrantTypes = GrantTypes.ToFrozenSet(StringComparer.Ordinal),
        RedirectUris = RedirectUris.ToFrozenSet(StringComparer.Ordinal),
        PostLogoutRedirectUris = PostLogoutRedirectUris.ToFrozenSet(StringComparer.Ordinal),
        Scopes = Scopes.ToFrozenSet(StringComparer.Ordinal),
        RequirePkce = RequirePkce,
        IdTokenAlgorithm = IdTokenAlgorithm,
        RotateRefreshTokens = RotateRefreshTokens,
        HomeUri = HomeUri,
        Keys = KeysOf(Jwks, TokenEndpointAuthSigningAlg),
        KeysUri = UriOf(JwksUri),
        AssertionAlgorithm = TokenEndpointAuthSigningAlg,
        SecurityProfile = SecurityProfile,
        ReferenceTokens = AccessTokenFormat == ReferenceFormat,
        BackchannelLogoutUri = UriOf(BackchannelLogoutUri),
        BackchannelLogoutSessionRequired = BackchannelLogoutSessionRequired,
        FrontchannelLogoutUri = UriOf(FrontchannelLogoutUri),
        FrontchannelLogoutSessionRequired = FrontchannelLogoutSessionRequired,
        SurvivesLogout = SurvivesLogout,
        LogoUri = UriOf(LogoUri),
        PolicyUri = UriOf(PolicyUri),
        TermsUri = UriOf(TosUri),
        RequiredAcr = RequiredAcr,
    };

    // What is stored was judged when it was registered; a set that no longer reads has no key, and nobody can sign with that.
    private static JwkSet? KeysOf(string? jwks, string? algorithm) =>
        jwks is null ? null
        : JwkSet.TryParse(Encoding.UTF8.GetBytes(jwks), out var keys, out _, algorithm ?? Algorithms.RS256) ? keys
        : JwkSet.Empty;

    private static Uri? UriOf(string? uri) => uri is null ? null : new Uri(uri, UriKind.Absolute);

    internal static void Map(EntityTypeBuilder<ClientRow> client)
    {
        client.Property(row => row.Jwks).HasColumnType("jsonb");
        MapTable(client);
    }

    private static void MapTable(EntityTypeBuilder<ClientRow> client) => client.ToTable("clients", table =>
    {
        // RFC 9700 §4.15: a client must never be taken for a person, whose sub is a UUID.
        table.HasCheckConstraint("clients_id_is_no_subject", "id !~* '^[{(]?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}[)}]?$'");
        table.HasCheckConstraint("clients_managed_by", "managed_by in ('file', 'console')");
        table.HasCheckConstraint("clients_access_token_format", $"access_token_format in ('{JwtFormat}', '{ReferenceFormat}')");
    }).HasKey(row => row.Id);
}

/// <summary>A client's secret at rest. A rotated one stays, retired, so that the file that once named it cannot bring it back.</summary>
public sealed class ClientSecretRow
{
    public required string ClientId { get; set; }

    /// <summary>SHA-256 of the UTF-8 secret.</summary>
    public required byte[] Sha256 { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }
    public DateTimeOffset? RetiredAt { get; set; }
    public required string ManagedBy { get; set; }
    public string? Origin { get; set; }
    public DateTimeOffset CreatedAt { get; set; }

    internal static void Map(EntityTypeBuilder<ClientSecretRow> secret)
    {
        secret.ToTable("client_secrets", table => table.HasCheckConstraint("client_secrets_managed_by", "managed_by in ('file', 'console')"));
        secret.HasKey(row => new { row.ClientId, row.Sha256 });
        secret.HasOne<ClientRow>().WithMany().HasForeignKey(row => row.ClientId);
    }
}
