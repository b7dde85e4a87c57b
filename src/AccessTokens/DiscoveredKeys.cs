using System.Net.Http.Headers;
using System.Text.Json;
using Jose;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AccessTokens;

/// <summary>
/// The issuer's keys, found through its metadata (OpenID Connect Discovery 1.0 §4) and kept. They are read again when they are no longer
/// fresh and when a token names a key that is not among them, by one request at a time and never sooner than a pause after the last
/// attempt. While the issuer cannot be reached, the keys once read go on serving.
/// </summary>
sealed class DiscoveredKeys(
    IHttpClientFactory clients, IOptionsMonitor<AccessTokenOptions> options, TimeProvider time, ILogger<DiscoveredKeys> logger)
    : IIssuerKeys
{
    /// <summary>Between attempts while there are keys: what an attacker who invents key names can make us ask.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    /// <summary>Between attempts while there are none, such as when both services start together.</summary>
    public static readonly TimeSpan FirstKeysPause = TimeSpan.FromSeconds(5);

    static readonly TimeSpan UnstatedMaxAge = TimeSpan.FromMinutes(10);
    static readonly TimeSpan LongestMaxAge = TimeSpan.FromDays(1);

    readonly Lock _gate = new();
    volatile Kept? _kept;
    Task _reading = Task.CompletedTask;
    DateTimeOffset _nextAttempt = DateTimeOffset.MinValue;

    public async ValueTask<JwkSet?> GetAsync(CancellationToken cancel)
    {
        if (_kept is { } kept && time.GetUtcNow() < kept.FreshUntil)
            return kept.Keys;

        await ReadAgainAsync(cancel);
        return _kept?.Keys;
    }

    public async ValueTask<JwkSet?> GetNewerAsync(JwkSet known, CancellationToken cancel)
    {
        // Another request may have read them since this one began.
        if (ReferenceEquals(_kept?.Keys, known))
            await ReadAgainAsync(cancel);

        var keys = _kept?.Keys;
        return ReferenceEquals(keys, known) ? null : keys;
    }

    Task ReadAgainAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (_reading.IsCompleted && time.GetUtcNow() >= _nextAttempt)
            {
                _nextAttempt = time.GetUtcNow() + (_kept is null ? FirstKeysPause : Pause);
                _reading = Task.Run(ReadAsync, CancellationToken.None);
            }

            // Whoever waits may leave; the reading goes on for the others.
            return _reading.WaitAsync(cancel);
        }
    }

    async Task ReadAsync()
    {
        try
        {
            using var client = clients.CreateClient(AccessTokenOptions.HttpClientName);
            var settings = options.Get(AccessTokenOptions.Scheme);

            using var metadata = await client.GetAsync(settings.MetadataAddress, HttpCompletionOption.ResponseContentRead);
            var keysAddress = KeysAddress(await BodyOfAsync(metadata), settings.Issuer);

            using var response = await client.GetAsync(keysAddress, HttpCompletionOption.ResponseContentRead);
            if (!JwkSet.TryParse(await BodyOfAsync(response), out var keys, out var refusal))
                throw new InvalidDataException(refusal);
            if (keys.Keys.Count == 0)
                throw new InvalidDataException("The key set has no key that can be used here.");

            var now = time.GetUtcNow();
            lock (_gate)
                _nextAttempt = now + Pause;
            _kept = new Kept(keys, now + Freshness(response.Headers));
            Log.KeysRead(logger, keys.Keys.Count, settings.Issuer);
        }
        catch (Exception failed)
        {
            // Whatever it was, every waiting request must go on with what there is.
            Log.KeysUnreadable(logger, failed.Message, _kept is not null);
        }
    }

    static async Task<byte[]> BodyOfAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync();
    }

    static Uri KeysAddress(byte[] metadata, string issuer)
    {
        using var document = JsonDocument.Parse(metadata, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });

        // OpenID Connect Discovery 1.0 §4.3: else one issuer could publish keys for another.
        if (TextOf(document.RootElement, "issuer") != issuer)
            throw new InvalidDataException($"The metadata is not that of {issuer}.");

        // Keys that came over an open line would be anybody's; only an issuer that is itself on one (in development) may say so.
        return Uri.TryCreate(TextOf(document.RootElement, "jwks_uri"), UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == new Uri(issuer).Scheme)
            ? address
            : throw new InvalidDataException("The metadata names no acceptable jwks_uri.");
    }

    static string? TextOf(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object
            && document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;

    // RFC 9111 §4.2: what is left of max-age; within bounds, so that neither a zero nor a year is taken at its word.
    static TimeSpan Freshness(HttpResponseHeaders headers)
    {
        var left = (headers.CacheControl?.MaxAge ?? UnstatedMaxAge) - (headers.Age ?? TimeSpan.Zero);
        return left < Pause ? Pause : left > LongestMaxAge ? LongestMaxAge : left;
    }

    sealed record Kept(JwkSet Keys, DateTimeOffset FreshUntil);
}
