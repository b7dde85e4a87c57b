namespace IdentityProvider;

/// <summary>What came of a request to an address that somebody configured.</summary>
internal abstract record OutboundOutcome
{
    private OutboundOutcome()
    {
    }

    /// <param name="Status">As it came; a redirect is not followed.</param>
    public sealed record Answered(int Status, byte[] Body) : OutboundOutcome
    {
        public bool Succeeded => Status is >= 200 and < 300;
    }

    /// <param name="Reason">For the log. Names no address, since what a name resolves to inside is nobody's business.</param>
    public sealed record Failed(string Reason) : OutboundOutcome;
}

/// <summary>
/// The only way to fetch from or post to a URL that a client registered or an administrator typed: https, public addresses, no redirect, no proxy, no
/// cookie, at most <see cref="MaxBytes"/> and <see cref="Patience"/>. Origins of <c>Outbound:Allow</c> may be plain http and inside.
/// </summary>
internal sealed class OutboundClient : IDisposable
{
    public const int MaxBytes = 64 * 1_024;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<string> _allowedOrigins;
    private readonly HttpClient _guarded;
    private readonly HttpClient _allowed;

    public OutboundClient(ProviderSettings settings) : this(settings.OutboundAllow, GuardedConnection.ByDns, Patience)
    {
    }

    internal OutboundClient(IReadOnlyList<string> allowedOrigins, GuardedConnection connection, TimeSpan patience)
    {
        _allowedOrigins = allowedOrigins;
        _guarded = ClientOver(new SocketsHttpHandler { ConnectCallback = connection.ConnectAsync }, patience);
        _allowed = ClientOver(new SocketsHttpHandler(), patience);
    }

    public Task<OutboundOutcome> GetAsync(Uri address, CancellationToken cancellation) => SendAsync(HttpMethod.Get, address, null, cancellation);

    public Task<OutboundOutcome> PostAsync(Uri address, HttpContent content, CancellationToken cancellation) => SendAsync(HttpMethod.Post, address, content, cancellation);

    public void Dispose()
    {
        _guarded.Dispose();
        _allowed.Dispose();
    }

    private async Task<OutboundOutcome> SendAsync(HttpMethod method, Uri address, HttpContent? content, CancellationToken cancellation)
    {
        var allowed = _allowedOrigins.Contains(address.GetLeftPart(UriPartial.Authority), StringComparer.Ordinal);
        if (!allowed && (address.Scheme != Uri.UriSchemeHttps || address.UserInfo.Length > 0))
        {
            return new OutboundOutcome.Failed("the address is not https, or names a user");
        }

        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = content };

            // The whole answer is read under the client's limits of size and time.
            using var response = await (allowed ? _allowed : _guarded).SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
            return new OutboundOutcome.Answered((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (HttpRequestException e)
        {
            return new OutboundOutcome.Failed(e.GetBaseException() is NoPublicAddressException refused ? refused.Message : $"{e.HttpRequestError}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new OutboundOutcome.Failed("no answer in time");
        }
    }

    private static HttpClient ClientOver(SocketsHttpHandler handler, TimeSpan patience)
    {
        handler.AllowAutoRedirect = false;
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.Credentials = null;
        handler.ActivityHeadersPropagator = null;
        handler.MaxResponseHeadersLength = 16;
        handler.MaxConnectionsPerServer = 4;

        // A name that moves is looked up again.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(1);
        return new HttpClient(handler) { Timeout = patience, MaxResponseContentBufferSize = MaxBytes };
    }
}
