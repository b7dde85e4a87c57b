using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Jose;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AccessTokens;

/// <summary>Asks the issuer about one token (RFC 7662 §2) and judges the answer. Whatever fails on the way is no judgement about the token.</summary>
internal sealed class IntrospectionCall(
    IHttpClientFactory clients, IOptionsMonitor<AccessTokenOptions> options, TimeProvider time, ILogger<IntrospectionCall> logger)
{
    /// <summary>How long a revoked token may go on working here.</summary>
    public static readonly TimeSpan ActiveFor = TimeSpan.FromMinutes(1);

    /// <summary>An inactive token hardly ever comes to life; this bounds what repeating it makes us ask.</summary>
    public static readonly TimeSpan InactiveFor = TimeSpan.FromSeconds(10);

    /// <summary>Before the issuer is asked again about a token it could not judge.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Before the issuer is asked about anything when it does not know us: attempts count against this address.</summary>
    public static readonly TimeSpan LongPause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AddressFor = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private Task<Uri>? _address;
    private DateTimeOffset _addressFreshUntil;
    private DateTimeOffset _silentUntil;

    /// <summary>Never throws.</summary>
    public async Task<Judgement> AskAsync(string token)
    {
        // An answer is as old as its question.
        var now = time.GetUtcNow();
        try
        {
            return IsSilent(now) ? Judgement.NotToBeHad(now) : await AskAsync(token, options.Get(AccessTokenOptions.Scheme), now);
        }
        catch (Exception failed)
        {
            // Whatever it was, every waiting request must get an answer.
            return NotToBeHad(failed.Message, now);
        }
    }

    private async Task<Judgement> AskAsync(string token, AccessTokenOptions settings, DateTimeOffset now)
    {
        using var client = clients.CreateClient(AccessTokenOptions.HttpClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, await AddressAsync(settings, now));
        request.Headers.Authorization = Credentials(settings);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Content = new FormUrlEncodedContent([new("token", token), new("token_type_hint", "access_token")]);
        using var response = await client.SendAsync(request);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests)
        {
            // RFC 7662 §2.3: it is we who are refused, whatever the token is.
            lock (_gate)
            {
                _silentUntil = now + LongPause;
            }

            Log.IntrospectionRefused(logger, (int)response.StatusCode);
            return Judgement.NotToBeHad(now);
        }

        response.EnsureSuccessStatusCode();
        return Judge(await response.Content.ReadAsByteArrayAsync(), settings, now);
    }

    private Judgement Judge(byte[] body, AccessTokenOptions settings, DateTimeOffset now)
    {
        // RFC 7662 §2.2: one object whose "active" is true or false.
        if (!JsonBody.TryParse(body, out var answer) || !answer.TryGetProperty("active", out var active)
            || active.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return NotToBeHad("The answer is none of RFC 7662 §2.2.", now);
        }

        if (active.ValueKind == JsonValueKind.False)
        {
            return Judgement.Refused("inactive", now + InactiveFor);
        }

        if (JwtClaims.From(answer) is not { } claims)
        {
            return Judgement.Refused("introspected with claims of the wrong types", now + InactiveFor);
        }

        if (Problem(claims, settings, now) is { } problem)
        {
            return Judgement.Refused($"introspected with {problem}", now + InactiveFor);
        }

        var goodUntil = now + ActiveFor;
        return Judgement.Active(claims, claims.ExpiresAt < goodUntil ? claims.ExpiresAt.Value : goodUntil);
    }

    // RFC 7662 §4: the answer is judged as a signed token would be.
    private static string? Problem(JwtClaims claims, AccessTokenOptions settings, DateTimeOffset now) =>
        claims.Issuer != settings.Issuer ? "another issuer"
        : !claims.Audience.Contains(settings.Audience, StringComparer.Ordinal) ? "another audience"
        : string.IsNullOrEmpty(claims.Subject) || string.IsNullOrEmpty(claims.Text("client_id")) || claims.Text("scope") is null ? "a claim missing"
        : claims.ExpiresAt is null || claims.ExpiresAt <= now - settings.Skew ? "an expiry that has passed"
        : claims.NotBefore > now + settings.Skew ? "a beginning yet to come"
        : claims.Has("token_type") && !string.Equals(claims.Text("token_type"), "Bearer", StringComparison.OrdinalIgnoreCase) ? "another type of token"
        : null;

    private bool IsSilent(DateTimeOffset now)
    {
        lock (_gate)
        {
            return now < _silentUntil;
        }
    }

    // RFC 6749 §2.3.1: both parts are encoded as in a form before they are joined.
    private static AuthenticationHeaderValue Credentials(AccessTokenOptions settings) => new("Basic", Convert.ToBase64String(
        Encoding.ASCII.GetBytes($"{Uri.EscapeDataString(settings.Audience)}:{Uri.EscapeDataString(settings.IntrospectionSecret!)}")));

    // Read by one request for all, again after a while, and by the next one when that failed.
    private Task<Uri> AddressAsync(AccessTokenOptions settings, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_address is null || _address.IsFaulted || _address.IsCanceled || now >= _addressFreshUntil)
            {
                var earlier = _address is { IsCompletedSuccessfully: true } read ? read.Result : null;
                _addressFreshUntil = now + AddressFor;
                _address = Task.Run(() => ReadAddressAsync(settings, earlier), CancellationToken.None);
            }

            return _address;
        }
    }

    private async Task<Uri> ReadAddressAsync(AccessTokenOptions settings, Uri? earlier)
    {
        try
        {
            using var client = clients.CreateClient(AccessTokenOptions.HttpClientName);
            return (await IssuerMetadata.ReadAsync(client, settings))?.Introspection
                ?? throw new InvalidOperationException($"The metadata is not that of {settings.Issuer}, or names no acceptable introspection_endpoint.");
        }
        catch (Exception failed) when (earlier is not null && failed is not InvalidOperationException)
        {
            return earlier;
        }
    }

    private Judgement NotToBeHad(string reason, DateTimeOffset now)
    {
        Log.IntrospectionFailed(logger, reason);
        return Judgement.NotToBeHad(now + Pause);
    }
}
