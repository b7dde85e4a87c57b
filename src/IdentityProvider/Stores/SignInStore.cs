using System.Security.Cryptography;
using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>Somebody has just proven who they are, without a page.</summary>
/// <param name="Surface">Where: <c>json</c> or <c>grant</c>.</param>
/// <param name="Method">One value of <c>amr</c> (RFC 8176).</param>
public sealed record SignIn(Guid PersonId, string Surface, string Method)
{
    public string? DeviceLabel { get; init; }
    public string? Address { get; init; }

    /// <summary>SHA-256 of what a browser's cookie will carry; null when no browser is to use the session.</summary>
    public byte[]? SecretHash { get; init; }

    /// <summary>The session this browser had until now.</summary>
    public byte[]? Previous { get; init; }
}

/// <summary>A person as first-party front ends are told of one.</summary>
public sealed record ApiPerson(SubjectSnapshot Snapshot, bool HasPassword);

/// <summary>A sign-in that was written down.</summary>
public sealed record SignedInPerson(Grant Grant, ApiPerson Person);

/// <summary>Sign-ins on PostgreSQL that end in tokens at once: one statement for session, grant and refresh token.</summary>
public sealed class SignInStore(NpgsqlDataSource database, OidcOptions options)
{
    // All or nothing, and nothing for whoever is disabled. The session before is retired or, when it was another person's, ended, as at a sign-in on a page.
    private static readonly string StartSql = $"""
        with person as materialized (
            select id from people where id = $3 and disabled_at is null),
        {SessionStore.PreviousSql("$12", "exists (select from person)")},
        session as (
            insert into sessions (id, secret_hash, person_id, surface, client_id, device_label, address, acr, amr,
                authenticated_at, created_at, last_seen_at, idle_until, expires_at, remembered)
            select $1, $2, id, $4, $5, $6, $7, $8, $9, $10, $10, $10, $11, $11, true from person),
        token as (
            insert into refresh_tokens (hash, grant_id, idle_until, expires_at) select $16, $13, $17, $18 from person where $16 is not null),
        made as (
            insert into grants (id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, created_at, expires_at)
            select $13, $5, id, $1, $14, $15, $10, $8, $9, $10, $19 from person)
        select {SubjectProjection.Columns}, p.password_hash is not null from people p where p.id = $3
        """;

    /// <summary>
    /// Writes a sign-in down. For a disabled person nothing is written, and what comes back says that they are disabled; null: there is no such person.
    /// </summary>
    public Task<SignedInPerson?> StartAsync(
        SignIn signIn, TokenRequest request, IReadOnlyList<string> scopes, NewRefreshToken? refreshToken, CancellationToken cancellation)
    {
        var now = request.Now;
        var sessionEnd = now + options.Lifetimes.SessionRemembered;
        var grant = new Grant
        {
            Id = Guid.CreateVersion7(now),
            ClientId = request.Client.Id,
            Subject = signIn.PersonId.ToString("D"),
            SessionId = Guid.CreateVersion7(now).ToString("N"),
            Scopes = scopes,
            Resources = [.. request.Resources.Select(resource => resource.Uri)],
            AuthenticatedAt = now,
            Acr = Acr.OneFactor,
            Amr = [signIn.Method],
        };
        // The grant outlives everything made from it, and its session too, as it says who took part there.
        var refreshEnd = refreshToken?.ExpiresAt ?? now;
        var grantEnd = (refreshEnd > sessionEnd ? refreshEnd : sessionEnd) + options.Lifetimes.Access;
        return new Statement(database, StartSql)
            .With(grant.SessionId).With(signIn.SecretHash ?? RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)).With(signIn.PersonId).With(signIn.Surface)
            .With(grant.ClientId).With(signIn.DeviceLabel).With(signIn.Address).With(grant.Acr).With(grant.Amr).With(now).With(sessionEnd).With(signIn.Previous)
            .With(grant.Id).With(scopes).With(grant.Resources).With(refreshToken?.Hash).With(refreshToken?.IdleUntil).With(refreshToken?.ExpiresAt).With(grantEnd)
            .ReadAsync(row => new SignedInPerson(grant, ApiPersonOf(row)), cancellation);
    }

    /// <summary>A person from the columns of <see cref="SubjectProjection"/> and whether they have a password.</summary>
    internal static ApiPerson ApiPersonOf(NpgsqlDataReader row) =>
        new(SubjectProjection.Read(row, 0, withClaims: false), row.GetBoolean(SubjectProjection.Width));
}
