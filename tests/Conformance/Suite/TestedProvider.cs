namespace Conformance;

/// <summary>
/// The provider all modules are run against, set up by <c>config/conformance.yaml</c> as for a run of the suite: its issuer is https, as behind a proxy
/// that ends TLS, and every request says that host. Its clock stands still until a module moves it.
/// </summary>
public sealed class TestedProvider : IAsyncLifetime
{
    public const string Issuer = "https://id.example.com";

    private Provider _provider = null!;

    public ManualTime Time => _provider.Time;

    /// <summary>The origin that the suite is at.</summary>
    public string Suite => new UriBuilder(_provider.Issuer) { Port = new Uri(_provider.Issuer).Port + 9 }.Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>The discovery document, as it was served when the run began.</summary>
    public JsonElement Metadata { get; private set; }

    public async Task InitializeAsync()
    {
        _provider = await Provider.StartAsync(null, $"Oidc:Issuer={Issuer}", $"Configuration:File={Repository.PathOf("config/conformance.yaml")}");
        Metadata = (await GetAsync(Issuer + "/.well-known/openid-configuration")).Json;
    }

    public async Task DisposeAsync() => await _provider.DisposeAsync();

    /// <summary>The address of an endpoint, from the discovery document alone.</summary>
    public string Endpoint(string member) => Metadata.GetProperty(member).GetString()!;

    public bool Supports(string member, string value) =>
        Metadata.TryGetProperty(member, out var values) && values.EnumerateArray().Any(item => item.GetString() == value);

    /// <summary>Has the suite's side of back-channel logout listen at that path.</summary>
    public Task<LogoutReceiver> ListenAsync(string path) => LogoutReceiver.StartAsync(_provider, path);

    public Task<Reply> GetAsync(string address) => SendAsync(new HttpRequestMessage(HttpMethod.Get, address));

    /// <summary>Sends a request to an address of the issuer, by way of this machine.</summary>
    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.RequestUri!.GetLeftPart(UriPartial.Authority).ShouldBe(Issuer);
            request.Headers.Host = request.RequestUri.Authority;
            request.RequestUri = new Uri(_provider.Client.BaseAddress!, request.RequestUri.PathAndQuery);
            using var response = await _provider.Client.SendAsync(request);
            ((int)response.StatusCode).ShouldBeLessThan(500, _provider.Log.Lines.LastOrDefault(line => line.StartsWith("Error", StringComparison.Ordinal)));
            var headers = response.Headers.Concat(response.Content.Headers).SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value)));
            return new Reply(response.StatusCode, headers.ToLookup(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase), await response.Content.ReadAsStringAsync());
        }
    }
}

/// <summary>All modules, one after another: they share a clock.</summary>
[CollectionDefinition(Name)]
public sealed class TestedProviderCollection : ICollectionFixture<TestedProvider>
{
    public const string Name = "tested provider";
}
