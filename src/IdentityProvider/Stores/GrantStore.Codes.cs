using Npgsql;
using Oidc;

namespace IdentityProvider;

public sealed partial class GrantStore
{
    private const string StoreCodeSql = """
        insert into authorization_codes (hash, grant_id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr,
            redirect_uri, nonce, code_challenge, expires_at, id_token_claims, userinfo_claims)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16
        """;

    // The share of the row waits for a withdrawal under way and then finds the consent gone; a withdrawal that comes later waits for this statement,
    // and then finds the code.
    private const string StoreConsentedCodeSql = StoreCodeSql + """
         where exists (select from consents where person_id = $4 and client_id = $3 and expires_at > $17 for key share)
        """;

    // Reads only. What it finds may be redeemed by somebody else before this request redeems it; RedeemCodeSql decides.
    internal const string FindCodeSql = $"""
        select {GrantColumns.OfCode}, c.redirect_uri, c.nonce, c.code_challenge, c.expires_at, c.redeemed_at, s.ended_at is not null, {SubjectProjection.Columns}
        from authorization_codes c join sessions s on s.id = c.session_id join people p on p.id = c.person_id
        where c.hash = $1
        """;

    // At most once: of parallel statements one updates the row; the others wait for it, look at its newest version again, find it redeemed
    // and update nothing, so they insert nothing either. Code, grant and refresh token change together or not at all. The grant stays at least as long as
    // its session: it says which clients took part there, and are told when it ends.
    internal const string RedeemCodeSql = """
        with redeemed as (
            update authorization_codes set redeemed_at = $2 where hash = $1 and redeemed_at is null
            returning grant_id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, id_token_claims, userinfo_claims
        ), token as (
            insert into refresh_tokens (hash, grant_id, idle_until, expires_at) select $4, grant_id, $5, $6 from redeemed where $4 is not null
        )
        insert into grants (id, client_id, person_id, session_id, scopes, resources, authenticated_at, acr, amr, id_token_claims, userinfo_claims, created_at, expires_at)
        select redeemed.*, $2, greatest($3, (select s.expires_at from sessions s where s.id = redeemed.session_id)) from redeemed
        """;

    public async Task<bool> StoreCodeAsync(NewAuthorizationCode code, CancellationToken cancellation)
    {
        var (stored, needsConsent, now) = code;
        var grant = stored.Grant;
        var statement = new Statement(database, needsConsent ? StoreConsentedCodeSql : StoreCodeSql)
            .With(stored.Hash).With(grant.Id).With(grant.ClientId).With(Guid.Parse(grant.Subject)).With(grant.SessionId).With(grant.Scopes).With(grant.Resources)
            .With(grant.AuthenticatedAt).With(grant.Acr).With(grant.Amr).With(stored.RedirectUri).With(stored.Nonce).With(stored.CodeChallenge).With(stored.ExpiresAt)
            .With(NullIfNone(grant.IdTokenClaims)).With(NullIfNone(grant.UserInfoClaims));
        return await (needsConsent ? statement.With(now) : statement).ExecuteAsync(cancellation) == 1;
    }

    public Task<FoundCode?> FindCodeAsync(byte[] hash, CancellationToken cancellation) =>
        new Statement(database, FindCodeSql).With(hash).ReadAsync(row => ReadCode(row, hash), cancellation);

    public async Task<bool> RedeemCodeAsync(AuthorizationCode code, NewRefreshToken? refreshToken, DateTimeOffset now, CancellationToken cancellation)
    {
        // The grant outlives everything made from it: the last access token may be issued as the refresh token ends.
        var expiresAt = (refreshToken?.ExpiresAt ?? now) + options.Lifetimes.Access;
        return await new Statement(database, RedeemCodeSql)
            .With(code.Hash).With(now).With(expiresAt).With(refreshToken?.Hash).With(refreshToken?.IdleUntil).With(refreshToken?.ExpiresAt)
            .ExecuteAsync(cancellation) == 1;
    }

    private static IReadOnlyList<string>? NullIfNone(IReadOnlyList<string> claims) => claims.Count == 0 ? null : claims;

    private static FoundCode ReadCode(NpgsqlDataReader row, byte[] hash)
    {
        const int Code = GrantColumns.Width;
        var grant = GrantColumns.Read(row, 0);
        return new FoundCode(
            new AuthorizationCode
            {
                Hash = hash,
                Grant = grant,
                RedirectUri = row.GetString(Code),
                Nonce = row.IsDBNull(Code + 1) ? null : row.GetString(Code + 1),
                CodeChallenge = row.IsDBNull(Code + 2) ? null : row.GetString(Code + 2),
                ExpiresAt = row.GetFieldValue<DateTimeOffset>(Code + 3),
            },
            row.IsDBNull(Code + 4) ? null : row.GetFieldValue<DateTimeOffset>(Code + 4),
            row.GetBoolean(Code + 5),
            SubjectProjection.Read(row, Code + 6, withClaims: grant.IdTokenClaims.Count > 0));
    }
}
