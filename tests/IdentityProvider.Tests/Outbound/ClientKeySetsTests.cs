using System.Collections.Frozen;
using System.Text.Json;
using Harness;
using Jose;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Oidc;

namespace IdentityProvider.Tests;

/// <summary>Reading a client's keys from where it registered them.</summary>
public sealed class ClientKeySetsTests : IAsyncLifetime
{
    private static readonly SigningKey First = SigningKey.Create("ES256"), Second = SigningKey.Create("ES256");

    private readonly ManualTime _time = new();
    private WebApplication _server = null!;
    private OutboundClient _outbound = null!;
    private ClientKeySets _keys = null!;
    private string _origin = "";
    private int _readings;
    private int _status = 200;
    private SigningKey[] _shown = [First];

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
        await _server.StartAsync();
        _origin = _server.Urls.Single();
        _outbound = new OutboundClient([_origin], GuardedConnection.ByDns, OutboundClient.Patience);
        _keys = new ClientKeySets(_outbound, _time, NullLogger<ClientKeySets>.Instance);
    }

    public async Task DisposeAsync()
    {
        _outbound.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Reads_them_once_while_they_are_fresh()
    {
        (await _keys.GetAsync(Client(), default))!.Keys.Single().KeyId.ShouldBe(First.KeyId);
        await _keys.GetAsync(Client(), default);

        _readings.ShouldBe(1);

        _time.Advance(TimeSpan.FromMinutes(10));
        await _keys.GetAsync(Client(), default);

        _readings.ShouldBe(2);
    }

    [Fact]
    public async Task Reads_them_again_for_an_unknown_name_once_a_minute()
    {
        var known = (await _keys.GetAsync(Client(), default))!;
        _shown = [First, Second];

        // Read this very minute: inventing names makes nobody ask.
        (await _keys.GetNewerAsync(Client(), known, default)).ShouldBeNull();
        _readings.ShouldBe(1);

        _time.Advance(TimeSpan.FromMinutes(1));
        (await _keys.GetNewerAsync(Client(), known, default))!.Keys.Count.ShouldBe(2);
        _readings.ShouldBe(2);
    }

    [Fact]
    public async Task Makes_parallel_requests_share_one_reading()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _keys.GetAsync(Client(), default).AsTask()));

        _readings.ShouldBe(1);
    }

    [Fact]
    public async Task Goes_on_with_earlier_keys_for_an_hour_while_the_client_is_away()
    {
        await _keys.GetAsync(Client(), default);
        _status = 500;

        _time.Advance(TimeSpan.FromMinutes(59));
        (await _keys.GetAsync(Client(), default)).ShouldNotBeNull();

        _time.Advance(TimeSpan.FromMinutes(1));
        (await _keys.GetAsync(Client(), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Starts_anew_for_a_client_that_moved_its_keys()
    {
        await _keys.GetAsync(Client(), default);
        _shown = [Second];

        (await _keys.GetAsync(Client("/moved"), default))!.Keys.Single().KeyId.ShouldBe(Second.KeyId);
    }

    // CVE-2026-1180.
    [Theory]
    [InlineData("https://127.0.0.1/jwks")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [Trait("Advisory", "CVE-2026-1180")]
    public async Task CVE_2026_1180_Reads_nothing_inside(string address) =>
        (await _keys.GetAsync(Client() with { KeysUri = new Uri(address) }, default)).ShouldBeNull();

    [Fact]
    public async Task Has_the_keys_of_a_client_that_registered_them() =>
        (await _keys.GetAsync(Client() with { KeysUri = null, Keys = new JwkSet([First.PublicKey]) }, default))!.Keys.ShouldHaveSingleItem();

    private Client Client(string path = "/jwks") => new()
    {
        Id = "signer",
        Name = "Signer",
        AuthenticationMethods = FrozenSet.Create("private_key_jwt"),
        GrantTypes = FrozenSet.Create("client_credentials"),
        Scopes = FrozenSet<string>.Empty,
        KeysUri = new Uri(_origin + path),
    };

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _readings);
        context.Response.StatusCode = _status;
        await using var writer = new Utf8JsonWriter(context.Response.Body);
        new JwkSet(_shown.Select(key => key.PublicKey)).WriteTo(writer);
    }
}
