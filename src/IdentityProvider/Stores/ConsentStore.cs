using Npgsql;
using NpgsqlTypes;
using Oidc;

namespace IdentityProvider;

/// <summary>A consent as its person reads of it.</summary>
public sealed record GivenConsent(string ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Claims, DateTimeOffset GivenAt, DateTimeOffset ExpiresAt);

/// <summary>
/// Consents on PostgreSQL, one round trip each. Whether one covers a request is read together with the session (<see cref="SessionStore"/>) and asked
/// again by the statement that stores the code (<see cref="GrantStore"/>).
/// </summary>
public sealed class ConsentStore(NpgsqlDataSource database, OidcOptions options)
{
    // What was allowed before and is still in force stays allowed: the page that asked showed it too. The answer stands in the interaction in the same
    // statement, so a consent is never remembered without the request it was given for going on, nor the other way round.
    private const string GiveSql = """
        with answered as (
            update interactions set state = $7 where hash = $6),
        given as (
            insert into consents as c (person_id, client_id, scopes, claims, given_at, expires_at) values ($1, $2, $3, $4, $5, $8)
            on conflict (person_id, client_id) do update set
                scopes = case when c.expires_at > $5 then array(select unnest(c.scopes) union select unnest(excluded.scopes) order by 1) else excluded.scopes end,
                claims = case when c.expires_at > $5 then array(select unnest(c.claims) union select unnest(excluded.claims) order by 1) else excluded.claims end,
                given_at = excluded.given_at, expires_at = excluded.expires_at
            returning c.scopes, c.claims)
        insert into audit (at, event, person_id, client_id, details)
        select $5, 'consent.given', $1, $2, jsonb_build_object('scopes', scopes, 'claims', claims) from given
        """;

    private const string ListSql = """
        select client_id, scopes, claims, given_at, expires_at from consents where person_id = $1 and expires_at > $2 order by given_at desc, client_id
        """;

    // Three statements of one transaction, each with a snapshot of its own. The first keeps codes from being stored meanwhile: their statement takes a
    // share of the row, and waits. The second finds every code stored before, and waits for those that are just being redeemed. So the third sees every
    // grant that was made from one.
    private const string LockSql = "select from consents where person_id = $1 and client_id = $2 for update";

    private const string DropCodesSql = "delete from authorization_codes where expires_at > $3 and person_id = $1 and client_id = $2 and redeemed_at is null";

    private static readonly string WithdrawSql = $"""
        with gone as (
            delete from consents where person_id = $1 and client_id = $2 returning scopes),
        revoked as (
            update grants set revoked_at = $3, revoked_reason = 'consent_withdrawn' where person_id = $1 and client_id = $2 and revoked_at is null
            returning id, person_id, client_id, session_id),
        {LogoutQueue.EnqueueSql("revoked", "$3")}
        insert into audit (at, event, person_id, client_id, details)
        select $3, 'consent.withdrawn', $1, $2, jsonb_build_object('scopes', (select scopes from gone), 'grants', (select count(*) from revoked))
        where exists (select from gone) or exists (select from revoked)
        """;

    /// <summary>Remembers what a person allowed on the page of an interaction, and that they answered there.</summary>
    /// <param name="state">The interaction's next state.</param>
    public Task GiveAsync(Guid personId, string clientId, Consent consent, DateTimeOffset now, byte[] interaction, string state) => new Statement(database, GiveSql)
        .With(personId)
        .With(clientId)
        .With(consent.Scopes)
        .With(consent.Claims)
        .With(now)
        .With(interaction)
        .WithJson(state)
        .With(now + options.Lifetimes.Consent)
        // Not the request's own token: the person answered, whether or not somebody still waits for what follows.
        .ExecuteAsync(CancellationToken.None);

    /// <summary>The consents of a person that are in force, the newest first.</summary>
    public Task<IReadOnlyList<GivenConsent>> ListAsync(Guid personId, DateTimeOffset now, CancellationToken cancellation) =>
        new Statement(database, ListSql).With(personId).With(now).ListAsync(Read, cancellation);

    /// <summary>
    /// Takes back what a person allowed a client: it is asked again next time, its grants end, refresh tokens included, and a code on its way is worth
    /// nothing. False: there was nothing to take back.
    /// </summary>
    public async Task<bool> WithdrawAsync(Guid personId, string clientId, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var sql in new[] { LockSql, DropCodesSql, WithdrawSql })
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = personId });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = clientId });
            if (sql != LockSql)
            {
                command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            }

            batch.BatchCommands.Add(command);
        }

        try
        {
            await batch.ExecuteNonQueryAsync(cancellation);
            return batch.BatchCommands[^1].RecordsAffected > 0;
        }
        catch (Exception e) when (StoreFailure.IsOutage(e))
        {
            throw StoreFailure.Unavailable(e);
        }
    }

    private static GivenConsent Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetFieldValue<string[]>(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4));
}
