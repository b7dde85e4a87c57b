// RFC 9700 §4.14 and design rule "two gates no grant can skip": is there still a person behind this grant.
namespace Oidc;

/// <summary>
/// The subject gate. Runs inside the issuer for every grant that speaks for a person, so that a new grant cannot forget it.
/// </summary>
public static class SubjectGate
{
    public static OAuthError? Check(ApprovedSubject subject)
    {
        if (!subject.Person.Enabled)
        {
            return OAuthError.InvalidGrant("the person is disabled");
        }

        // "Ended", not "expired": a session that merely ran out leaves refresh tokens to their own lifetimes.
        return subject.SessionEnded ? OAuthError.InvalidGrant("the session was ended") : null;
    }
}
