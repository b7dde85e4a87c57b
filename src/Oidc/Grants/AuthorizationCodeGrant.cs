// RFC 6749 §4.1.3, RFC 7636 §4.5–4.6, OpenID Connect Core §3.1.3.2: a code for tokens.
namespace Oidc;

/// <summary>The grant <c>authorization_code</c>. Reads the code, judges it, and leaves spending it to the issuer's single statement.</summary>
public sealed class AuthorizationCodeGrant(IGrantStore store) : IGrant
{
    public string Type => "authorization_code";

    public async Task<GrantOutcome> DecideAsync(TokenRequest request, CancellationToken cancellation)
    {
        var parameters = request.Parameters;
        if (parameters["code"] is not { } handle)
        {
            return OAuthError.InvalidRequest("The parameter code is missing.");
        }

        if (Handle.HashOf(handle, Handle.AuthorizationCode) is not { } hash || await store.FindCodeAsync(hash, cancellation) is not { } found)
        {
            return OAuthError.InvalidGrant("no such code");
        }

        // RFC 6749 §4.1.3: the code is bound to the client it was issued to. Another client learns nothing and changes nothing.
        var code = found.Code;
        if (!string.Equals(code.Grant.ClientId, request.Client.Id, StringComparison.Ordinal))
        {
            return OAuthError.InvalidGrant("the code was issued to another client");
        }

        // RFC 6749 §4.1.2: a code used twice takes the tokens of its first use with it.
        if (found.RedeemedAt is not null)
        {
            await store.RevokeForCodeReuseAsync(code.Grant, request.Now, cancellation);
            return OAuthError.InvalidGrant("the code was already used; its grant is revoked");
        }

        if (request.Now >= code.ExpiresAt)
        {
            return OAuthError.InvalidGrant("the code has expired");
        }

        // RFC 6749 §4.1.3: redirect_uri is required here because it is always required at the authorization endpoint.
        if (!string.Equals(parameters["redirect_uri"], code.RedirectUri, StringComparison.Ordinal))
        {
            return OAuthError.InvalidGrant("the redirect_uri differs from the authorization request");
        }

        if (CheckPkce(code.CodeChallenge, parameters["code_verifier"]) is { } pkceError)
        {
            return pkceError;
        }

        // RFC 8707 §2.2: only resources named at the authorization endpoint, when any was named there.
        var resources = request.Resources;
        if (code.Grant.Resources.Count > 0 && !resources.All(resource => code.Grant.Resources.Contains(resource.Uri)))
        {
            return OAuthError.InvalidTarget("The requested resource was not part of the authorization request.");
        }

        // RFC 6749 §4.1.3 knows no scope parameter here: a client that wants less asks for less at the authorization endpoint.
        return new GrantApproval
        {
            Scopes = code.Grant.Scopes,
            Subject = new ApprovedSubject(code.Grant, found.Person, found.SessionEnded),
            Nonce = code.Nonce,
            SpendAsync = async (refreshToken, token) => await SpendAsync(code, refreshToken, request.Now, token),
        };
    }

    // RFC 7636 §4.6, and RFC 9700 §4.8.2 against downgrade: a verifier without a challenge is refused like a challenge without a verifier.
    private static OAuthError? CheckPkce(string? challenge, string? verifier) => (challenge, verifier) switch
    {
        (null, null) => null,
        (null, not null) => OAuthError.InvalidGrant("a code_verifier was sent but the authorization request had no code_challenge"),
        (not null, null) => OAuthError.InvalidGrant("the code_verifier is missing"),
        _ => Pkce.IsVerifier(verifier) && Pkce.Matches(challenge, verifier) ? null : OAuthError.InvalidGrant("the code_verifier does not match"),
    };

    private async Task<OAuthError?> SpendAsync(AuthorizationCode code, NewRefreshToken? refreshToken, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await store.RedeemCodeAsync(code, refreshToken, now, cancellation))
        {
            return null;
        }

        // Somebody redeemed it between our look and our statement: that is a second use like any other.
        await store.RevokeForCodeReuseAsync(code.Grant, now, cancellation);
        return OAuthError.InvalidGrant("the code was used by a parallel request; its grant is revoked");
    }
}
