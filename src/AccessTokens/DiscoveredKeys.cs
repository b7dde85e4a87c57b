using System.Net.Http.Headers;
using Jose;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AccessTokens;

/// <summary>
/// The issuer's keys, found through its metadata (OpenID Connect Discovery 1.0 §4) and kept. They are read again when they are no longer
/// fresh and when a token names a key that is not among them, by one request at a time and never sooner than a pause after the last
/// attempt. While the issuer cannot be reached, the keys once read go on serving.
/// </summary>
internal sealed class DiscoveredKeys(
    IHttpClientFactory clients, IOptionsMonitor<AccessTokenOptions> options, TimeProvider time, ILogger<DiscoveredKeys> logger)
    : IIssuerKeys
{
    /// <summary>Between attempts while there are keys: what an attacker who invents key names can make us ask.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Between attempts while there are none, such as when both services start together.</summary>
    public static readonly TimeSpan FirstKeysPause = TimeSpan.FromSeconds(5);

    // Keys past their time serve better than a request that hangs for as long as the issuer does.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan UnstatedMaxAge = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestMaxAge = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private volatile Kept? _kept;
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _nextAttempt = DateTimeOffset.MinValue;

    public async ValueTask<JwkSet?> GetAsync(CancellationToken cancel)
    {
        if (_kept is { } kept && time.GetUtcNow() < kept.FreshUntil)
        {
            return kept.Keys;
        }

        await ReadAgainAsync(cancel);
        return _kept?.Keys;
    }

    public async ValueTask<JwkSet?> GetNewerAsync(JwkSet known, CancellationToken cancel)
    {
        // Another request may have read them since this one began.
        if (ReferenceEquals(_kept?.Keys, known))
        {
            await ReadAgainAsync(cancel);
        }

        var keys = _kept?.Keys;
        return ReferenceEquals(keys, known) ? null : keys;
    }

    private async Task ReadAgainAsync(CancellationToken cancel)
    {
        Task reading;
        lock (_gate)
        {
            if (_reading.IsCompleted && time.GetUtcNow() >= _nextAttempt)
            {
                _nextAttempt = time.GetUtcNow() + (_kept is null ? FirstKeysPause : Pause);
                _reading = Task.Run(ReadAsync, CancellationToken.None);
            }

            reading = _reading;
        }

        // Whoever waits may leave; the reading goes on for the others.
        if (_kept is null)
        {
            await reading.WaitAsync(cancel);
        }
        else
        {
            await Task.WhenAny(reading, Task.Delay(Patience, cancel));
        }
    }

    private async Task ReadAsync()
    {
        string? problem;
        try
        {
            problem = await ReadFromIssuerAsync(options.Get(AccessTokenOptions.Scheme));
        }
        catch (Exception failed)
        {
            // Whatever it was, every waiting request must go on with what there is.
            problem = failed.Message;
        }

        if (problem is not null)
        {
            Log.KeysUnreadable(logger, problem, _kept is not null);
        }
    }

    /// <summary>Reads both documents and keeps the keys; else says why not.</summary>
    private async Task<string?> ReadFromIssuerAsync(AccessTokenOptions settings)
    {
        using var client = clients.CreateClient(AccessTokenOptions.HttpClientName);
        if ((await IssuerMetadata.ReadAsync(client, settings))?.Keys is not { } keysAddress)
        {
            return $"The metadata is not that of {settings.Issuer}, or names no acceptable jwks_uri.";
        }

        using var response = await client.GetAsync(keysAddress);
        if (!JwkSet.TryParse(await BodyOfAsync(response), out var keys, out var refusal))
        {
            return refusal;
        }

        if (keys.Keys.Count == 0)
        {
            return "The key set has no key that can be used here.";
        }

        var now = time.GetUtcNow();
        lock (_gate)
        {
            _nextAttempt = now + Pause;
        }

        _kept = new Kept(keys, now + Freshness(response.Headers));
        Log.KeysRead(logger, keys.Keys.Count, settings.Issuer);
        return null;
    }

    private static async Task<byte[]> BodyOfAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    // RFC 9111 §4.2: what is left of max-age; within bounds, so that neither a zero nor a year is taken at its word.
    private static TimeSpan Freshness(HttpResponseHeaders headers)
    {
        var left = (headers.CacheControl?.MaxAge ?? UnstatedMaxAge) - (headers.Age ?? TimeSpan.Zero);
        return left < Pause ? Pause : left > LongestMaxAge ? LongestMaxAge : left;
    }

    private sealed record Kept(JwkSet Keys, DateTimeOffset FreshUntil);
}
