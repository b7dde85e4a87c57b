// RFC 6749 §5.1, RFC 9068 §2, OpenID Connect Core §3.1.3.3: the only place that makes tokens.
namespace Oidc;

/// <summary>Puts an approval through the subject gate, spends its proof, and signs what the client gets.</summary>
public sealed class TokenIssuer(OidcOptions options, ISigningKeys keys, ITokenStore tokens)
{
    public async Task<IssueOutcome> IssueAsync(TokenRequest request, GrantApproval approval, CancellationToken cancellation)
    {
        // A scope taken from the client since the grant was made is not issued any more.
        var held = approval.Scopes.All(request.Client.Scopes.Contains) ? approval.Scopes : [.. approval.Scopes.Where(request.Client.Scopes.Contains)];

        // RFC 8707 §2.
        if (ScopeAndResource.CheckTargets(request.Resources, held) is { } targetError)
        {
            return new IssueOutcome.Refused(targetError);
        }

        var targets = TargetsOf(request, approval);
        var (audience, scopes) = ScopeAndResource.Narrow(held, targets, request.Configuration, options.Issuer);
        if (scopes.Count == 0)
        {
            return new IssueOutcome.Refused(OAuthError.InvalidScope("Nothing of what was granted is allowed for this client any more."));
        }

        var (subject, refreshToken) = (approval.Subject, approval.RefreshToken);
        if (approval.SignInAsync is { } signInAsync)
        {
            refreshToken = FirstRefreshToken(request, held, out var first);
            subject = await signInAsync(first, cancellation);
            if (subject is null)
            {
                return new IssueOutcome.Refused(OAuthError.InvalidGrant("the person is gone"));
            }
        }

        if (subject is not null && SubjectGate.Check(subject) is { } gateError)
        {
            return new IssueOutcome.Refused(gateError);
        }

        if (request.Client.AccountAccess && subject is not null && targets is null)
        {
            audience = [Resource.Account, .. audience.Where(name => name != options.Issuer && name != Resource.Account)];
        }

        var expiresAt = request.Now + (approval.Lifetime ?? options.Lifetimes.Access);
        var contents = new TokenContents(options.Issuer, request.Client, subject, scopes, audience, request.Now, expiresAt);

        // Before the proof is spent: a token of a grant that never comes to be is dead, while a proof spent for nothing could not be spent again.
        var reference = request.Client.ReferenceTokens ? await StoreReferenceAsync(contents, cancellation) : null;
        if (approval.SpendAsync is { } spendAsync)
        {
            refreshToken = FirstRefreshToken(request, held, out var first);

            // At most once: whoever loses this statement gets nothing.
            if (await spendAsync(first, cancellation) is { } spendError)
            {
                return new IssueOutcome.Refused(spendError);
            }
        }

        return new IssueOutcome.Issued(Sign(contents, reference, approval, refreshToken)) { Grant = subject?.Grant };
    }

    // RFC 8707 §2.2: the resources of the authorization request bound every token made from it, also when the token request names none.
    private static IReadOnlyList<Resource>? TargetsOf(TokenRequest request, GrantApproval approval) =>
        request.Resources.Count > 0 ? request.Resources
        : approval.Subject?.Grant.Resources is { Count: > 0 } authorized ? [.. authorized.Select(request.Configuration.FindResource).OfType<Resource>()]
        : null;

    // OpenID Connect Core §11 and RFC 6749 §6: offline_access was granted and the client registered the refresh grant.
    private static bool MayRefresh(Client client, IReadOnlyList<string> scopes) => scopes.Contains(ScopeAndResource.OfflineAccess) && client.GrantTypes.Contains("refresh_token");

    private string? FirstRefreshToken(TokenRequest request, IReadOnlyList<string> held, out NewRefreshToken? stored)
    {
        stored = null;
        if (!MayRefresh(request.Client, held))
        {
            return null;
        }

        var token = Handle.Create(Handle.RefreshToken);
        var expiresAt = request.Now + options.Lifetimes.RefreshAbsolute;
        var idleUntil = request.Now + options.Lifetimes.RefreshIdle;
        stored = new NewRefreshToken(Handle.Hash(token), idleUntil < expiresAt ? idleUntil : expiresAt, expiresAt);
        return token;
    }

    private async Task<string> StoreReferenceAsync(TokenContents contents, CancellationToken cancellation)
    {
        var handle = Handle.Create(Handle.ReferenceToken);
        await tokens.StoreAsync(
            new ReferenceToken
            {
                Hash = Handle.Hash(handle),
                ClientId = contents.Client.Id,
                GrantId = contents.Subject?.Grant.Id,
                Scopes = contents.Scopes,
                Audience = contents.Audience,
                IssuedAt = contents.IssuedAt,
                ExpiresAt = contents.ExpiresAt,
            },
            cancellation);
        return handle;
    }

    private TokenResponse Sign(TokenContents contents, string? reference, GrantApproval approval, string? refreshToken)
    {
        var ring = keys.Current;
        var accessToken = reference ?? AccessToken.Sign(contents, ring.ActiveFor(AccessToken.Algorithm));

        // OpenID Connect Core §12.2: a refresh answers with an ID token too, without a nonce.
        var idToken = approval.WithIdToken && contents.Subject is not null && contents.Scopes.Contains(ScopeAndResource.OpenId)
            ? IdToken.Sign(contents, approval.Nonce, accessToken, ring.ActiveFor(contents.Client.IdTokenAlgorithm))
            : null;
        return new TokenResponse(accessToken, (int)(contents.ExpiresAt - contents.IssuedAt).TotalSeconds, string.Join(' ', contents.Scopes), refreshToken, idToken);
    }
}

/// <summary>What access and ID token of one answer have in common.</summary>
public sealed record TokenContents(
    string Issuer, Client Client, ApprovedSubject? Subject, IReadOnlyList<string> Scopes, IReadOnlyList<string> Audience, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt);
