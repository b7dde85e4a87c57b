// RFC 6750 §3.1, RFC 7662 §2.2: whether an access token that comes back, signed or by reference, still counts.
namespace Oidc;

/// <summary>An access token that counts: issued here, alive, and everything behind it standing.</summary>
/// <param name="Person">Null when the client acts for itself.</param>
public sealed record LiveAccessToken(string ClientId, IReadOnlyList<string> Scopes, IReadOnlyList<string> Audience, SubjectSnapshot? Person)
{
    /// <summary>The token itself when it is signed; else <see cref="Reference"/> is.</summary>
    public ReadAccessToken? Signed { get; init; }

    public FoundReferenceToken? Reference { get; init; }

    /// <summary>Core §5.5: the claims that were asked for one by one.</summary>
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];
}

/// <summary>Judges access tokens at our own endpoints: form and signature here, then one round trip for grant, session and person together.</summary>
public sealed class AccessTokenLookup(AccessTokenReader reader, ITokenStore store, IConfigurationSource configuration)
{
    private const string NoPerson = "the token speaks for no person";

    /// <param name="scope">A scope of OpenID Connect that it must have, which only a token that speaks for a person can. Null: any token.</param>
    /// <returns>The token, or the refusal of RFC 6750 §3.1.</returns>
    public ValueTask<(LiveAccessToken? Token, OAuthError? Error)> FindAsync(string token, string? scope, DateTimeOffset now, CancellationToken cancellation)
    {
        // A handle names its kind; one of another kind is none here.
        if (Handle.HashOf(token, Handle.ReferenceToken) is { } hash)
        {
            return FindReferenceAsync(hash, scope, now, cancellation);
        }

        return reader.Read(token, now, out var refusal) is { } read
            ? FindSignedAsync(read, scope, cancellation)
            : ValueTask.FromResult<(LiveAccessToken?, OAuthError?)>((null, OAuthError.InvalidToken(refusal)));
    }

    private async ValueTask<(LiveAccessToken? Token, OAuthError? Error)> FindSignedAsync(ReadAccessToken read, string? scope, CancellationToken cancellation)
    {
        // Judged before anybody is asked.
        if (scope is not null && (read.GrantId is null || !read.Scopes.Contains(scope)))
        {
            return (null, read.GrantId is null ? OAuthError.InvalidToken(NoPerson) : Lacks(scope));
        }

        if (read.GrantId is not { } grantId)
        {
            return await store.IsRevokedAsync(read.IdHash, cancellation)
                ? (null, OAuthError.InvalidToken("the token was revoked"))
                : (new LiveAccessToken(read.ClientId, read.Scopes, read.Claims.Audience, null) { Signed = read }, null);
        }

        var state = await store.FindGrantAsync(grantId, read.IdHash, cancellation);
        return state is { Stands: true } && string.Equals(state.Person.Subject, read.Subject, StringComparison.Ordinal)
            ? (new LiveAccessToken(read.ClientId, read.Scopes, read.Claims.Audience, state.Person) { Signed = read, UserInfoClaims = state.UserInfoClaims }, null)
            : (null, OAuthError.InvalidToken("token, grant, session or person no longer stands"));
    }

    private async ValueTask<(LiveAccessToken? Token, OAuthError? Error)> FindReferenceAsync(byte[] hash, string? scope, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await store.FindReferenceTokenAsync(hash, cancellation) is not { Token: var token } found)
        {
            return (null, OAuthError.InvalidToken("no such reference token"));
        }

        if (now >= token.ExpiresAt)
        {
            return (null, OAuthError.InvalidToken("the reference token has expired"));
        }

        // What was issued to a client ends with the client.
        if (configuration.Current.FindClient(token.ClientId) is not { Enabled: true })
        {
            return (null, OAuthError.InvalidToken("the client is disabled or gone"));
        }

        if (token.GrantId is not null && found.State is not { Stands: true })
        {
            return (null, OAuthError.InvalidToken("grant, session or person no longer stands"));
        }

        if (scope is not null && token.GrantId is null)
        {
            return (null, OAuthError.InvalidToken(NoPerson));
        }

        return scope is null || token.Scopes.Contains(scope)
            ? (new LiveAccessToken(token.ClientId, token.Scopes, token.Audience, found.State?.Person) { Reference = found, UserInfoClaims = found.State?.UserInfoClaims ?? [] }, null)
            : (null, Lacks(scope));
    }

    private static OAuthError Lacks(string scope) => OAuthError.InsufficientScope($"The access token lacks the scope {scope}.");
}
