// RFC 6749 §4.1.2, OpenID Connect Core §3.1.2.3–3.1.2.5, RFC 9207 §2: from a valid request and a session to a code.
namespace Oidc;

/// <summary>Decides what becomes of an authorization request, now and again whenever the person comes back from a page.</summary>
public sealed class AuthorizeProcess(OidcOptions options, IConfigurationSource configuration, IGrantStore grants, ISigningKeys keys, TimeProvider time)
{
    /// <param name="answers">What the person did on the pages since this request began; null on the first pass.</param>
    public async Task<AuthorizeOutcome> RunAsync(ParametersOutcome read, Visitor? visitor, Answers? answers, CancellationToken cancellation)
    {
        var check = AuthorizeChecks.Check(read, configuration.Current);
        if (check.Error is { } error)
        {
            return error.MayRedirect && check.Target is { } target ? Refuse(target, error) : new AuthorizeOutcome.Show(error, check.Client);
        }

        var request = check.Request!;
        var now = time.GetUtcNow();
        IdTokenHint? hint = null;
        if (request.IdTokenHint is { } token && (hint = IdTokenHint.Read(token, options.Issuer, keys.Current, now)) is null)
        {
            return Refuse(request.Target, OAuthError.InvalidRequest("The id_token_hint is not one of our ID tokens."));
        }

        // RFC 6749 §4.1.2.1.
        if (answers is { Denied: true })
        {
            return Refuse(request.Target, OAuthError.AccessDenied("the person refused"));
        }

        var decision = AuthorizeDecision.Of(request, hint, visitor, answers, now);
        if (decision.Error is { } refusal)
        {
            return Refuse(request.Target, refusal);
        }

        if (decision.Question is { } question)
        {
            return AskOrRefuse(request, question);
        }

        var code = Handle.Create(Handle.AuthorizationCode);
        return await grants.StoreCodeAsync(new NewAuthorizationCode(CodeOf(request, visitor!.Session, code, now), NeedsConsent: !request.Client.FirstParty, now), cancellation)
            ? Respond(request.Target, [new("code", code)])
            : AskOrRefuse(request, Question.Consent);
    }

    // Core §3.1.2.1: with prompt none nobody is shown anything, and the error says what would have been (§3.1.2.6).
    private AuthorizeOutcome AskOrRefuse(AuthorizeRequest request, Question question) => !request.Prompts.Contains(Prompt.None)
        ? new AuthorizeOutcome.Ask(request, question)
        : Refuse(request.Target, question == Question.Consent ? OAuthError.ConsentRequired() : OAuthError.LoginRequired());

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
            IdTokenClaims = request.Claims.IdToken,
            UserInfoClaims = request.Claims.UserInfo,
            AuthenticatedAt = session.AuthenticatedAt,
            Acr = session.Acr,
            Amr = session.Amr,
        },
    };

    private AuthorizeOutcome.Respond Refuse(ResponseTarget target, OAuthError error) => Respond(target, [new("error", error.Code), new("error_description", error.Description)]);

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
}
