// RFC 6749 §4 and §4.5: the door every grant comes through, the built-in ones and extensions alike.
namespace Oidc;

/// <summary>
/// A grant type. It decides whether the request is approved, and for whom; it never makes a token and never sees HTTP. Registered grants
/// appear in discovery by themselves.
/// </summary>
public interface IGrant
{
    /// <summary>The value of <c>grant_type</c>.</summary>
    string Type { get; }

    Task<GrantOutcome> DecideAsync(TokenRequest request, CancellationToken cancellation);
}
