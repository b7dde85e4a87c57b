using Npgsql;

namespace IdentityProvider;

/// <summary>A session as its person reads of it.</summary>
public sealed record ListedSession(string Id, string Surface, string? DeviceLabel, string? Address, DateTimeOffset SignedInAt, DateTimeOffset LastSeenAt)
{
    public required bool Remembered { get; init; }

    /// <summary>False: no browser can use it any more, but applications still have what was granted in it.</summary>
    public required bool SingleSignOn { get; init; }

    /// <summary>The client it was made for.</summary>
    public string? ClientId { get; init; }

    /// <summary>The applications that were signed in to in it and still have something of it.</summary>
    public required IReadOnlyList<string> Clients { get; init; }
}

/// <summary>The sessions of a person, for that person.</summary>
public sealed class SessionList(NpgsqlDataSource database)
{
    /// <summary>More than a person reads; whoever has more ends all others at once.</summary>
    public const int Most = 100;

    // Sessions that followed each other in one browser are one line, told by the latest. A session is there as long as a browser can use it or an
    // application has a refresh token of it.
    private const string Sql = """
        with mine as materialized (
            select coalesce(replaced_by, id) as family, id, surface, client_id, device_label, address, created_at, last_seen_at, remembered,
                replaced_by is null and idle_until > $2 and expires_at > $2 as single_sign_on
            from sessions where person_id = $1 and ended_at is null),
        held as (
            select m.family, array_agg(distinct g.client_id order by g.client_id) as clients, bool_or('offline_access' = any (g.scopes)) as lasting
            from mine m join grants g on g.session_id = m.id where g.revoked_at is null and g.expires_at > $2 group by m.family),
        latest as (
            select distinct on (family) * from mine order by family, created_at desc)
        select l.id, l.surface, l.client_id, l.device_label, l.address, l.created_at, l.last_seen_at, l.remembered, l.single_sign_on, coalesce(h.clients, '{}')
        from latest l left join held h on h.family = l.family
        where l.single_sign_on or h.lasting
        order by l.single_sign_on desc, l.last_seen_at desc limit $3
        """;

    public Task<IReadOnlyList<ListedSession>> OfAsync(Guid personId, DateTimeOffset now, CancellationToken cancellation) =>
        new Statement(database, Sql).With(personId).With(now).With((int?)Most).ListAsync(Read, cancellation);

    private static ListedSession Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), Text(row, 3), Text(row, 4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6))
    {
        ClientId = Text(row, 2),
        Remembered = row.GetBoolean(7),
        SingleSignOn = row.GetBoolean(8),
        Clients = row.GetFieldValue<string[]>(9),
    };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
