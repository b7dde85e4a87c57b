// RP-Initiated Logout §2 and Back-Channel Logout §2: what the engine needs of sessions. Making one is the host's business: it knows how a person signed in.
namespace Oidc;

/// <summary>Sessions, as far as the protocol itself ends them.</summary>
public interface ISessionStore
{
    /// <summary>Ends the session and with it every grant made in it. True when it was alive until now.</summary>
    Task<bool> EndAsync(string sessionId, DateTimeOffset now, CancellationToken cancellation);
}
