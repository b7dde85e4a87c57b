// RFC 6749 §4.1.2, OpenID Connect Core §3.1.2.3–3.1.2.6: what becomes of an authorization request.
namespace Oidc;

/// <summary>The outcome of an authorization request. What a page looks like, or which one it is, is the host's business.</summary>
public abstract record AuthorizeOutcome
{
    private AuthorizeOutcome()
    {
    }

    /// <summary>An answer for the client, success or error, sent through the browser.</summary>
    public sealed record Respond(ResponseTarget Target, IReadOnlyList<KeyValuePair<string, string>> Parameters) : AuthorizeOutcome;

    /// <summary>The person has to sign in first.</summary>
    public sealed record SignIn(AuthorizeRequest Request) : AuthorizeOutcome;

    /// <summary>The error is shown here, because there is no place it could safely be sent.</summary>
    public sealed record Show(OAuthError Error, Client? Client) : AuthorizeOutcome;
}
