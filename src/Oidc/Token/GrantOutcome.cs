// RFC 6749 §5: what a grant decided.
namespace Oidc;

/// <summary>A grant's decision: approved with all the issuer needs, or refused with the error to answer.</summary>
public abstract record GrantOutcome
{
    private GrantOutcome()
    {
    }

    public sealed record Approved(GrantApproval Approval) : GrantOutcome;

    public sealed record Refused(OAuthError Error) : GrantOutcome;

    public static implicit operator GrantOutcome(OAuthError error) => new Refused(error);

    public static implicit operator GrantOutcome(GrantApproval approval) => new Approved(approval);
}

/// <summary>What was approved. The issuer still puts it through the subject gate before anything is made.</summary>
public sealed record GrantApproval
{
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Whom the tokens are about; null when the client acts for itself (RFC 6749 §4.4).</summary>
    public ApprovedSubject? Subject { get; init; }

    /// <summary>The <c>nonce</c> of the authorization request, for the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>The refresh token the client holds from now on, when the grant already knows it (RFC 6749 §6).</summary>
    public string? RefreshToken { get; init; }

    /// <summary>
    /// Spends the proof, at most once, and stores the first refresh token in the same step. Runs after the subject gate and before any token
    /// is signed. Null when the proof was already spent by deciding, or when there is none.
    /// </summary>
    public Func<NewRefreshToken?, CancellationToken, Task<OAuthError?>>? SpendAsync { get; init; }

    /// <summary>
    /// For a grant that is itself a sign-in, in place of <see cref="Subject"/> and <see cref="SpendAsync"/>: makes session, grant and first refresh token,
    /// and reads the person, in one step. For a person the subject gate would refuse it makes nothing; null when there is nobody.
    /// </summary>
    public Func<NewRefreshToken?, CancellationToken, Task<ApprovedSubject?>>? SignInAsync { get; init; }

    /// <summary>How long the access token lives, when not as long as others.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>False where the answer has no place for an ID token, which then need not be signed.</summary>
    public bool WithIdToken { get; init; } = true;
}

/// <summary>A person, the grant they gave, and whether the session behind it is still standing.</summary>
public sealed record ApprovedSubject(Grant Grant, SubjectSnapshot Person, bool SessionEnded);
