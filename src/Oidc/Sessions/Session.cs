// OpenID Connect Core §2 (auth_time, acr, amr) and Back-Channel Logout §2.1 (sid): one sign-in of one person.
namespace Oidc;

/// <summary>
/// One sign-in. A session that <em>expires</em> ends single sign-on only; a session that was <em>ended</em> takes all its grants along.
/// </summary>
/// <param name="Id">The <c>sid</c>. It is told to relying parties, so it is an identifier, never a credential: the cookie carries its own secret.</param>
/// <param name="AuthenticatedAt">When the person last proved who they are: <c>auth_time</c>.</param>
/// <param name="Acr">How strongly: one of <see cref="Oidc.Acr"/>.</param>
/// <param name="Amr">By which methods (RFC 8176).</param>
public sealed record Session(string Id, string Subject, DateTimeOffset AuthenticatedAt, string Acr, IReadOnlyList<string> Amr);

/// <summary>The values of <c>acr</c> this provider asserts.</summary>
public static class Acr
{
    public const string OneFactor = "urn:identity:acr:1fa";
    public const string TwoFactors = "urn:identity:acr:2fa";
    public const string PhishingResistant = "phr";

    /// <summary>All of them, the weakest first.</summary>
    public static IReadOnlyList<string> All { get; } = [OneFactor, TwoFactors, PhishingResistant];

    /// <summary>Those a sign-in here can reach.</summary>
    public static IReadOnlyList<string> Supported { get; } = [OneFactor];
}
