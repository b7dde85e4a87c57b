// RFC 6749 §4.1.2, OpenID Connect Core §3.1.2.3–3.1.2.5, RFC 9207 §2: from a valid request and a session to a code.
namespace Oidc;

/// <summary>Decides what becomes of an authorization request, now and again when the person comes back from signing in.</summary>
public sealed class AuthorizeProcess(OidcOptions options, IConfigurationSource configuration, IGrantStore grants, ISigningKeys keys, TimeProvider time)
{
    /// <param name="startedAt">When this request first arrived, if the person has been to the sign-in page since; null on the first pass.</param>
    public async Task<AuthorizeOutcome> RunAsync(ParametersOutcome read, Session? session, DateTimeOffset? startedAt, CancellationToken cancellation)
    {
        var check = AuthorizeChecks.Check(read, configuration.Current);
        if (check.Error is { } error)
        {
            return error.MayRedirect && check.Target is { } target ? Respond(target, ErrorParameters(error)) : new AuthorizeOutcome.Show(error, check.Client);
        }

        var request = check.Request!;
        var now = time.GetUtcNow();
        IdTokenHint? hint = null;
        if (request.IdTokenHint is { } token && (hint = IdTokenHint.Read(token, options.Issuer, keys.Current, now)) is null)
        {
            return Respond(request.Target, ErrorParameters(OAuthError.InvalidRequest("The id_token_hint is not one of our ID tokens.")));
        }

        var isAnother = session is not null && hint is not null && !string.Equals(session.Subject, hint.Subject, StringComparison.Ordinal);
        var signedInSince = session is not null && IsSince(session, startedAt);
        if (session is null || (!signedInSince && (isAnother || MustSignInAgain(request, session, now))))
        {
            // Core §3.1.2.1: with prompt none nobody is shown anything.
            return request.Prompts.Contains(Prompt.None) ? Respond(request.Target, ErrorParameters(OAuthError.LoginRequired())) : new AuthorizeOutcome.SignIn(request);
        }

        // Core §3.1.2.1, id_token_hint: an answer about somebody else than the client meant is an error.
        if (isAnother)
        {
            return Respond(request.Target, ErrorParameters(OAuthError.LoginRequired()));
        }

        var code = Handle.Create(Handle.AuthorizationCode);
        await grants.StoreCodeAsync(CodeOf(request, session, code, now), cancellation);
        return Respond(request.Target, [new("code", code)]);
    }

    // auth_time has whole seconds, so the request's own start is compared in whole seconds too.
    private static bool IsSince(Session session, DateTimeOffset? startedAt) =>
        startedAt is { } started && session.AuthenticatedAt.ToUnixTimeSeconds() >= started.ToUnixTimeSeconds();

    // Core §3.1.2.3: prompt login and max_age ask for a sign-in that is newer than the request, or young enough.
    private static bool MustSignInAgain(AuthorizeRequest request, Session session, DateTimeOffset now) =>
        request.Prompts.Contains(Prompt.Login) || (request.MaxAge is { } maxAge && now - session.AuthenticatedAt > maxAge);

    private AuthorizationCode CodeOf(AuthorizeRequest request, Session session, string code, DateTimeOffset now) => new()
    {
        Hash = Handle.Hash(code),
        RedirectUri = request.Target.RedirectUri,
        Nonce = request.Nonce,
        CodeChallenge = request.CodeChallenge,
        ExpiresAt = now + options.Lifetimes.Code,
        Grant = new Grant
        {
            Id = Guid.CreateVersion7(now),
            ClientId = request.Client.Id,
            Subject = session.Subject,
            SessionId = session.Id,
            Scopes = request.Scopes,
            Resources = [.. request.Resources.Select(resource => resource.Uri)],
            AuthenticatedAt = session.AuthenticatedAt,
            Acr = session.Acr,
            Amr = session.Amr,
        },
    };

    private AuthorizeOutcome.Respond Respond(ResponseTarget target, List<KeyValuePair<string, string>> parameters)
    {
        if (target.State is { } state)
        {
            parameters.Add(new("state", state));
        }

        // RFC 9207 §2: in every answer, errors included.
        parameters.Add(new("iss", options.Issuer));
        return new AuthorizeOutcome.Respond(target, parameters);
    }

    private static List<KeyValuePair<string, string>> ErrorParameters(OAuthError error) => [new("error", error.Code), new("error_description", error.Description)];
}
