// OpenID Connect Core §3.1.2.4 and RFC 6749 §10.2: what a person allowed a client, remembered.
namespace Oidc;

/// <summary>A consent in force.</summary>
/// <param name="Claims">The claims allowed one by one, beyond what the scopes open (Core §5.5).</param>
public sealed record Consent(IReadOnlyList<string> Scopes, IReadOnlyList<string> Claims);
