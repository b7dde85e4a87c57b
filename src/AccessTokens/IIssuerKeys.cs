using Jose;

namespace AccessTokens;

/// <summary>
/// The keys of the one issuer whose tokens are taken. The issuer is an outside service, read over HTTP; the issuer's own APIs
/// hand over the keys they hold.
/// </summary>
public interface IIssuerKeys
{
    /// <summary>The keys to judge by now; null while there never were any.</summary>
    ValueTask<JwkSet?> GetAsync(CancellationToken cancel);

    /// <summary>
    /// Keys read after <paramref name="known"/>, which lacks the one that a token names; null when there are none newer, or not yet.
    /// </summary>
    ValueTask<JwkSet?> GetNewerAsync(JwkSet known, CancellationToken cancel);
}
