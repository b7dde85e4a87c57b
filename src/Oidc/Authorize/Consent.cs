// OpenID Connect Core §3.1.2.4 and RFC 6749 §10.2: what a person allowed a client, remembered.
namespace Oidc;

/// <summary>A consent in force.</summary>
/// <param name="Claims">The claims allowed one by one, beyond what the scopes open (Core §5.5).</param>
public sealed record Consent(IReadOnlyList<string> Scopes, IReadOnlyList<string> Claims)
{
    /// <summary>Everything that is asked for was allowed before.</summary>
    public bool Covers(AuthorizeRequest request) => request.Scopes.All(Scopes.Contains) && request.IndividualClaims.All(Allows);

    /// <summary>A claim asked for by itself was allowed, by itself or with the scope that opens it.</summary>
    public bool Allows(string claim) => Claims.Contains(claim) || (StandardClaims.ScopeOf(claim) is { } scope && Scopes.Contains(scope));
}
