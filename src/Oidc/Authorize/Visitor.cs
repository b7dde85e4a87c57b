// OpenID Connect Core §3.1.2.3 and §3.1.2.4: who is at the browser, and what they answered on the way.
namespace Oidc;

/// <summary>The person this browser is signed in as, read in one round trip with what they allowed the client that asks.</summary>
/// <param name="Consent">Null when they allowed it nothing, or too long ago.</param>
public sealed record Visitor(Session Session, Consent? Consent);

/// <summary>
/// What a person did on the provider's pages since this request began. Kept with the request, where no other browser and no parameter reaches it.
/// </summary>
public sealed record Answers
{
    /// <summary>The session when the person was first sent to a page; null when there was none. Any other one is a sign-in since.</summary>
    public string? SessionBefore { get; init; }

    /// <summary>Whoever proved who they are, or chose an account, or consented on these pages last.</summary>
    public string? Subject { get; init; }

    /// <summary>The session in which the person said that this is the account they mean.</summary>
    public string? SelectedSession { get; init; }

    /// <summary>The session in which the person allowed what this request asks for.</summary>
    public string? ConsentedSession { get; init; }

    /// <summary>The person allowed nothing.</summary>
    public bool Denied { get; init; }
}
