using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>Whoever calls the provider's own API, in which session.</summary>
public sealed record Caller(ApiPerson Person, Session Session, DateTimeOffset SessionEndsAt);

/// <summary>Whether the person behind a call still stands there, and what they are called: one round trip.</summary>
public sealed class CallerStore(NpgsqlDataSource database)
{
    private const string Columns = $"{SubjectProjection.Columns}, p.password_hash is not null, s.id, s.authenticated_at, s.acr, s.amr, s.expires_at";

    // A session that merely ran out ends single sign-on only; tokens go on by their own lifetimes.
    private const string ByGrantSql = $"""
        select {Columns} from grants g join sessions s on s.id = g.session_id join people p on p.id = g.person_id
        where g.id = $1 and g.person_id = $2 and g.client_id = $3 and g.revoked_at is null and s.ended_at is null and p.disabled_at is null
            and not exists (select from revoked_access_tokens x where x.hash = $4)
        """;

    private const string BySessionSql = $"""
        select {Columns} from sessions s join people p on p.id = s.person_id where s.id = $1 and s.ended_at is null and p.disabled_at is null
        """;

    // For a token about one session and nothing else: the grant of an earlier one is used again, so that asking often leaves one row.
    private const string GrantSql = """
        with kept as (
            update grants set expires_at = greatest(expires_at, $8)
            where id = (select id from grants where session_id = $4 and client_id = $2 and scopes = $5 and resources = $6 and revoked_at is null limit 1)
            returning id),
        made as (
            insert into grants (id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, created_at, expires_at)
            select $1, $2, $3, $4, $5, $6, $9, $10, $11, $7, $8 where not exists (select from kept)
            returning id)
        select id from kept union all select id from made
        """;

    /// <summary>Whoever an access token speaks for; null: the token, its grant, session or person no longer stands.</summary>
    /// <param name="tokenIdHash">SHA-256 of its <c>jti</c>.</param>
    public Task<Caller?> FindByGrantAsync(Guid grantId, Guid personId, string clientId, byte[] tokenIdHash, CancellationToken cancellation) =>
        new Statement(database, ByGrantSql).With(grantId).With(personId).With(clientId).With(tokenIdHash).ReadAsync(Read, cancellation);

    public Task<Caller?> FindBySessionAsync(string sessionId, CancellationToken cancellation) =>
        new Statement(database, BySessionSql).With(sessionId).ReadAsync(Read, cancellation);

    /// <summary>Keeps a grant that holds until <paramref name="expiresAt"/>, and gives it with the id it has.</summary>
    public async Task<Grant> KeepGrantAsync(Grant grant, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        var id = await new Statement(database, GrantSql)
            .With(grant.Id).With(grant.ClientId).With(Guid.Parse(grant.Subject)).With(grant.SessionId).With(grant.Scopes).With(grant.Resources).With(now).With(expiresAt)
            .With(grant.AuthenticatedAt).With(grant.Acr).With(grant.Amr)
            .ReadAsync(static row => row.GetGuid(0).ToString("D"), cancellation);
        return grant with { Id = Guid.Parse(id!) };
    }

    private static Caller Read(NpgsqlDataReader row)
    {
        const int Session = SubjectProjection.Width + 1;
        var person = SignInStore.ApiPersonOf(row);
        var session = new Session(
            row.GetString(Session), person.Snapshot.Subject, row.GetFieldValue<DateTimeOffset>(Session + 1), row.GetString(Session + 2), row.GetFieldValue<string[]>(Session + 3));
        return new Caller(person, session, row.GetFieldValue<DateTimeOffset>(Session + 4));
    }
}
