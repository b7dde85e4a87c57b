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

    /// <summary>The person has to do something first.</summary>
    public sealed record Ask(AuthorizeRequest Request, Question Question) : AuthorizeOutcome;

    /// <summary>The error is shown here, because there is no place it could safely be sent.</summary>
    public sealed record Show(OAuthError Error, Client? Client) : AuthorizeOutcome;
}

/// <summary>What a person is asked before a request is answered.</summary>
public enum Question
{
    /// <summary>Who are you, and can you prove it (Core §3.1.2.3).</summary>
    SignIn,

    /// <summary>Is this the account you mean (Core §3.1.2.1, <c>select_account</c>).</summary>
    SelectAccount,

    /// <summary>May the client have what it asks for (Core §3.1.2.4).</summary>
    Consent,
}
