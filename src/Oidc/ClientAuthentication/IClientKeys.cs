// RFC 7591 §2 (jwks, jwks_uri): where a client's keys come from.
using Jose;

namespace Oidc;

/// <summary>The keys clients sign with. Asking costs nothing for keys that are registered inline or were read lately.</summary>
public interface IClientKeys
{
    /// <summary>The client's keys; null when it registered none, or they cannot be read.</summary>
    ValueTask<JwkSet?> GetAsync(Client client, CancellationToken cancellation);

    /// <summary>Newer keys than those, for a token whose key is not among them; null when there are none, or asking again so soon is not allowed.</summary>
    ValueTask<JwkSet?> GetNewerAsync(Client client, JwkSet known, CancellationToken cancellation);
}
