// OpenID Connect Core §3.1.2.1, §3.1.2.3, §3.1.2.4, §5.5.1: whom a request has to ask what before it may be answered.
namespace Oidc;

/// <summary>
/// The table prompt × session × consent, read from top to bottom: an error that no page could mend, a question for the person, or neither: the request
/// may be answered.
/// </summary>
public sealed record AuthorizeDecision(Question? Question, OAuthError? Error)
{
    private static readonly AuthorizeDecision Answer = new(null, null);

    public static AuthorizeDecision Of(AuthorizeRequest request, IdTokenHint? hint, Visitor? visitor, Answers? answers, DateTimeOffset now)
    {
        // Core §5.5.1.1: an essential acr that nobody can reach here fails whatever the person does.
        if (!AcrDemand.CanBeMet(request))
        {
            return Refuse(OAuthError.UnmetAuthenticationRequirements("the required acr cannot be reached here"));
        }

        if (visitor?.Session is not { } session)
        {
            return Ask(Oidc.Question.SignIn);
        }

        var isAnother = IsAnother(session, request, hint);
        var isStrong = AcrDemand.IsMet(request, session.Acr);
        var signedInSince = answers is not null && !string.Equals(session.Id, answers.SessionBefore, StringComparison.Ordinal);
        if (!signedInSince && (isAnother || !isStrong || MustSignInAgain(request, session, now)))
        {
            return Ask(Oidc.Question.SignIn);
        }

        // Core §3.1.2.1 (id_token_hint) and §5.5.1: an answer about somebody else than the client meant is an error.
        if (isAnother)
        {
            return Refuse(OAuthError.LoginRequired());
        }

        if (!isStrong)
        {
            return Refuse(OAuthError.UnmetAuthenticationRequirements("the person signed in less strongly than required"));
        }

        if (MustSelect(request, session, answers, signedInSince))
        {
            return Ask(Oidc.Question.SelectAccount);
        }

        return MustConsent(request, session, visitor.Consent, answers) ? Ask(Oidc.Question.Consent) : Answer;
    }

    private static bool IsAnother(Session session, AuthorizeRequest request, IdTokenHint? hint) =>
        (hint is not null && !string.Equals(session.Subject, hint.Subject, StringComparison.Ordinal)) || request.Claims.Subjects?.Contains(session.Subject) == false;

    // Core §3.1.2.1 and §3.1.2.3: prompt login and max_age ask for a sign-in that is newer than the request, or young enough; max_age 0 says the same
    // as prompt login.
    private static bool MustSignInAgain(AuthorizeRequest request, Session session, DateTimeOffset now) =>
        request.Prompts.Contains(Prompt.Login) || (request.MaxAge is { } maxAge && (maxAge == TimeSpan.Zero || now - session.AuthenticatedAt > maxAge));

    // Whoever signed in for this request chose the account by it. And whoever answered a page of it must not be answered for by somebody who has signed
    // in to the same browser meanwhile: that person is asked whether they are meant.
    private static bool MustSelect(AuthorizeRequest request, Session session, Answers? answers, bool signedInSince)
    {
        if (string.Equals(session.Id, answers?.SelectedSession, StringComparison.Ordinal))
        {
            return false;
        }

        var isSomebodyElse = answers?.Subject is { } subject && !string.Equals(subject, session.Subject, StringComparison.Ordinal);
        return isSomebodyElse || (request.Prompts.Contains(Prompt.SelectAccount) && !signedInSince);
    }

    // Core §3.1.2.4: the organisation's own front ends need none, others one that covers everything; prompt consent asks whatever was allowed before.
    private static bool MustConsent(AuthorizeRequest request, Session session, Consent? consent, Answers? answers)
    {
        var consentedNow = string.Equals(session.Id, answers?.ConsentedSession, StringComparison.Ordinal);
        var isCovered = request.Client.FirstParty || consent?.Covers(request) == true;
        return !isCovered || (request.Prompts.Contains(Prompt.Consent) && !consentedNow);
    }

    private static AuthorizeDecision Ask(Question question) => new(question, null);

    private static AuthorizeDecision Refuse(OAuthError error) => new(null, error);
}
