// RP-Initiated Logout §2 and Back-Channel Logout §2: what the engine needs of sessions. Making one is the host's business: it knows how a person signed in.
namespace Oidc;

/// <summary>Sessions, as far as the protocol itself ends them.</summary>
public interface ISessionStore
{
    /// <summary>
    /// Ends the session, and with it every grant made in it: a sign-out. Sessions of the same person that followed each other in one browser are one
    /// to that person, and end together. True when it was alive until now.
    /// </summary>
    Task<bool> EndAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>RP-Initiated Logout §2, "a recent session": the same person went on from the earlier session to the current one in the same browser.</summary>
    Task<bool> IsReplacedAsync(string earlierId, string currentId, CancellationToken cancellation);
}
