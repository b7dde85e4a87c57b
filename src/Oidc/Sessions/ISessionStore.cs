// RP-Initiated Logout §2 and Back-Channel Logout §2: what the engine needs of sessions. Making one is the host's business: it knows how a person signed in.
namespace Oidc;

/// <summary>Sessions, as far as the protocol itself ends them.</summary>
public interface ISessionStore
{
    /// <summary>
    /// Ends the session, and with it every grant made in it: a sign-out. Sessions of the same person that followed each other in one browser are one
    /// to that person, and end together. Whatever else follows from an end, such as telling clients (Back-Channel Logout §2.5), is done or queued in the
    /// same step. Gives the clients that took part; none when nothing was alive.
    /// </summary>
    Task<IReadOnlyList<Participation>> EndAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>RP-Initiated Logout §2, "a recent session": the same person went on from the earlier session to the current one in the same browser.</summary>
    Task<bool> IsReplacedAsync(string earlierId, string currentId, CancellationToken cancellation);
}

/// <summary>A client that was granted something in a session that has just ended.</summary>
/// <param name="KeepsAccess">It registered to outlive sign-outs, and has something left that does.</param>
public sealed record Participation(string ClientId, string SessionId, bool KeepsAccess);
