using System.Security.Cryptography;
using System.Text;

namespace AccessTokens;

/// <summary>
/// What tokens are worth by the issuer's word: asked once for all requests that carry the same token, and kept for a short while.
/// </summary>
internal sealed class TokenIntrospection(IntrospectionCall issuer, TimeProvider time)
{
    /// <summary>Judgements kept of each kind: a few kilobytes each.</summary>
    public const int Capacity = 10_000;

    // What requests with made-up tokens can make us ask of the issuer at a time.
    private const int MaxCalls = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<Judgement>> _calls = new(StringComparer.Ordinal);

    // Apart, so that made-up tokens do not push out good ones.
    private readonly JudgementCache _active = new(Capacity);
    private readonly JudgementCache _others = new(Capacity);

    public async ValueTask<Judgement> JudgeAsync(string token, CancellationToken cancel)
    {
        // RFC 7662 §4 lets answers be kept. The key covers the whole token: what it left out would let two tokens share an answer (CVE-2025-26620).
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        Task<Judgement> call;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if ((_active.Find(key, now) ?? _others.Find(key, now)) is { } known)
            {
                return known;
            }

            if (!_calls.TryGetValue(key, out call!))
            {
                if (_calls.Count >= MaxCalls)
                {
                    return Judgement.NotToBeHad(now);
                }

                call = Task.Run(() => AskAsync(key, token), CancellationToken.None);
                _calls.Add(key, call);
            }
        }

        // Whoever waits may leave; the call goes on for the others.
        return await call.WaitAsync(cancel);
    }

    private async Task<Judgement> AskAsync(string key, string token)
    {
        var judgement = await issuer.AskAsync(token);
        lock (_gate)
        {
            _calls.Remove(key);
            (judgement.Claims is null ? _others : _active).Keep(key, judgement);
        }

        return judgement;
    }
}
