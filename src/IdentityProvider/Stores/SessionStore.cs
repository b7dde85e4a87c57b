using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>A session with what pages say of its person.</summary>
public sealed record FoundSession(Session Session, Guid PersonId, bool Remembered, string? Name, string? Email, string? Phone)
{
    /// <summary>What the person allowed the client that was asked about, if that stands.</summary>
    public Consent? Consent { get; init; }
}

/// <summary>A sign-in that just succeeded.</summary>
/// <param name="SecretHash">SHA-256 of the handle the cookie carries.</param>
/// <param name="Surface">Where: <c>page</c>, <c>json</c>, <c>grant</c>.</param>
public sealed record NewSession(byte[] SecretHash, Guid PersonId, string Surface, string Acr, IReadOnlyList<string> Amr)
{
    public string? ClientId { get; init; }
    public string? DeviceLabel { get; init; }
    public string? Address { get; init; }

    /// <summary>Asked to stay signed in on this device.</summary>
    public bool Remembered { get; init; }

    /// <summary>The session this browser had until now: ended when another person signed in, retired when the same did.</summary>
    public byte[]? Previous { get; init; }
}

/// <summary>Sessions on PostgreSQL: made at a sign-in, found by their cookie. One round trip each.</summary>
public sealed class SessionStore(NpgsqlDataSource database, OidcOptions options)
{
    // How far last_seen may lag behind, and with it the idle end: reading a session writes at most once in this time.
    private readonly TimeSpan _laziness = options.Lifetimes.SessionIdle / 60 is var fraction && fraction < TimeSpan.FromMinutes(1) ? fraction : TimeSpan.FromMinutes(1);

    private const string FindSql = """
        with found as (
            select s.id, s.person_id, s.authenticated_at, s.acr, s.amr, s.remembered, s.last_seen_at, p.name, p.email, p.phone_number,
                c.scopes, c.claims
            from sessions s join people p on p.id = s.person_id
                left join consents c on c.person_id = s.person_id and c.client_id = $5 and c.expires_at > $2
            where s.secret_hash = $1 and s.ended_at is null and s.idle_until > $2 and s.expires_at > $2 and p.disabled_at is null),
        seen as (
            update sessions set last_seen_at = $2, idle_until = case when remembered then expires_at else least($2 + $3, expires_at) end
            where id = (select id from found where last_seen_at < $2 - $4))
        select id, person_id, authenticated_at, acr, amr, remembered, name, email, phone_number, scopes, claims from found
        """;

    // Signing in once more as the same person retires the session before: its cookie is worth nothing from now on, while what was granted in it
    // lives on until this one is ended.
    private static readonly string StartSql = $"""
        with {PreviousSql("$14")},
        seen as (
            update people set last_login_at = $10 where id = $3)
        insert into sessions (id, secret_hash, person_id, surface, client_id, device_label, address, acr, amr,
            authenticated_at, created_at, last_seen_at, idle_until, expires_at, remembered)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10, $11, $12, $13)
        """;

    /// <summary>
    /// What becomes of the session a browser had until now, and what follows from that, as parts of a statement in which $1 is the id of the session it has
    /// from now on, $3 that one's person, and $10 the present.
    /// </summary>
    /// <param name="secretHash">The parameter that holds what the browser carried.</param>
    /// <param name="condition">When not to be left alone.</param>
    internal static string PreviousSql(string secretHash, string condition = "true") => $"""
        previous as (
            update sessions set idle_until = least(idle_until, $10),
                ended_at = case when person_id = $3 then null else $10 end,
                ended_reason = case when person_id = $3 then null else 'another_person' end,
                replaced_by = case when person_id = $3 then $1 end
            where (secret_hash = {secretHash} or replaced_by = (select id from sessions where secret_hash = {secretHash})) and ended_at is null and {condition}
            returning id, person_id, ended_at),
        ended as materialized (
            select id, person_id from previous where ended_at is not null),
        {SessionEnding.ConsequencesSql(now: "$10", reason: "'another_person'")}
        """;

    /// <summary>The session behind a cookie if it is alive and its person enabled.</summary>
    /// <param name="clientId">The client whose consent is to be read with it; null: none.</param>
    public Task<FoundSession?> FindAsync(byte[] secretHash, string? clientId, DateTimeOffset now, CancellationToken cancellation) =>
        new Statement(database, FindSql).With(secretHash).With(now).With(options.Lifetimes.SessionIdle).With(_laziness).With(clientId).ReadAsync(Read, cancellation);

    /// <summary>Makes the session of a sign-in; its id is new, whatever the browser carried before.</summary>
    public Task StartAsync(NewSession session, DateTimeOffset now, CancellationToken cancellation)
    {
        var expiresAt = now + (session.Remembered ? options.Lifetimes.SessionRemembered : options.Lifetimes.SessionAbsolute);
        var idleUntil = session.Remembered || now + options.Lifetimes.SessionIdle > expiresAt ? expiresAt : now + options.Lifetimes.SessionIdle;
        return new Statement(database, StartSql)
            .With(Guid.CreateVersion7(now).ToString("N"))
            .With(session.SecretHash)
            .With(session.PersonId)
            .With(session.Surface)
            .With(session.ClientId)
            .With(session.DeviceLabel)
            .With(session.Address)
            .With(session.Acr)
            .With(session.Amr)
            .With(now)
            .With(idleUntil)
            .With(expiresAt)
            .With(session.Remembered)
            .With(session.Previous)
            .ExecuteAsync(cancellation);
    }

    private static FoundSession Read(NpgsqlDataReader row)
    {
        var personId = row.GetGuid(1);
        var session = new Session(row.GetString(0), personId.ToString("D"), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetFieldValue<string[]>(4));
        return new FoundSession(session, personId, row.GetBoolean(5), Text(row, 6), Text(row, 7), Text(row, 8))
        {
            Consent = row.IsDBNull(9) ? null : new Consent(row.GetFieldValue<string[]>(9), row.GetFieldValue<string[]>(10)),
        };
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
