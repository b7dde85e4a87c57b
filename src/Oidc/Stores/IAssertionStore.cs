// RFC 7523 §3 (7): the memory of used assertions.
namespace Oidc;

/// <summary>Remembers used assertions, across nodes and restarts, for as long as they could be sent again.</summary>
public interface IAssertionStore
{
    /// <summary>True for the first caller only. Of 200 parallel calls with one hash one gets true.</summary>
    Task<bool> UseAsync(byte[] hash, DateTimeOffset expiresAt, CancellationToken cancellation);
}
