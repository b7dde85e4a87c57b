using System.Collections.Frozen;
using Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Oidc;

namespace IdentityProvider.Tests;

/// <summary>A client's logo, given out under our own address.</summary>
public sealed class ClientLogosTests : IAsyncLifetime
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly ManualTime _time = new();
    private WebApplication _server = null!;
    private OutboundClient _outbound = null!;
    private ClientLogos _logos = null!;
    private Client _client = null!;
    private byte[] _body = Png;
    private int _status = StatusCodes.Status200OK;
    private int _fetches;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(context =>
        {
            Interlocked.Increment(ref _fetches);
            context.Response.StatusCode = _status;
            context.Response.ContentType = "text/html";
            return context.Response.Body.WriteAsync(_body).AsTask();
        });
        await _server.StartAsync();
        _outbound = new OutboundClient([_server.Urls.Single()], GuardedConnection.ByDns, OutboundClient.Patience);
        _client = new Client
        {
            Id = "partner",
            Name = "Partner",
            AuthenticationMethods = FrozenSet<string>.Empty,
            GrantTypes = FrozenSet<string>.Empty,
            Scopes = FrozenSet<string>.Empty,
            LogoUri = new Uri(_server.Urls.Single() + "/logo.png"),
        };
        _logos = new ClientLogos(_outbound, new Registered(() => _client), _time);
    }

    public async Task DisposeAsync()
    {
        _outbound.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Is_fetched_once_a_day_however_many_look()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ServeAsync("partner")));
        _fetches.ShouldBe(1);

        _time.Advance(TimeSpan.FromHours(25));
        var (status, type, body) = await ServeAsync("partner");

        (status, type).ShouldBe((200, "image/png"));
        body.ShouldBe(Png);
        _fetches.ShouldBe(2);
    }

    // What it is decides, not what its server calls it: nothing is given out that could run here.
    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("<html></html>")]
    [InlineData("")]
    [InlineData("GIF88a")]
    public async Task Is_none_when_it_is_no_picture(string body)
    {
        _body = System.Text.Encoding.UTF8.GetBytes(body);

        (await ServeAsync("partner")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Is_asked_for_again_after_ten_minutes_when_there_was_none()
    {
        _status = StatusCodes.Status302Found;
        (await ServeAsync("partner")).Status.ShouldBe(404);
        _status = StatusCodes.Status200OK;
        (await ServeAsync("partner")).Status.ShouldBe(404);

        _time.Advance(TimeSpan.FromMinutes(11));

        (await ServeAsync("partner")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("")]
    [InlineData("http://127.0.0.1/")]
    public async Task Is_given_for_registered_clients_only(string client)
    {
        (await ServeAsync(client)).Status.ShouldBe(404);
        _fetches.ShouldBe(0);
    }

    [Fact]
    public async Task Is_not_given_for_a_client_that_is_disabled_or_registered_none()
    {
        var client = _client;
        foreach (var other in new[] { client with { Enabled = false }, client with { LogoUri = null } })
        {
            _client = other;
            (await ServeAsync("partner")).Status.ShouldBe(404);
        }

        _fetches.ShouldBe(0);
    }

    // The guard has no name for what leads inside, unless an administrator allowed the origin.
    [Fact]
    public async Task Is_never_fetched_from_inside()
    {
        using var guarded = new OutboundClient([], GuardedConnection.ByDns, OutboundClient.Patience);
        var logos = new ClientLogos(guarded, new Registered(() => _client with { LogoUri = new Uri(_server.Urls.Single().Replace("http:", "https:")) }), _time);

        (await ServeAsync("partner", logos)).Status.ShouldBe(404);
        _fetches.ShouldBe(0);
    }

    private async Task<(int Status, string? Type, byte[] Body)> ServeAsync(string client, ClientLogos? logos = null)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        context.Request.QueryString = QueryString.Create(ClientLogos.Parameter, client);
        await (logos ?? _logos).ServeAsync(context);
        context.Response.Headers.XContentTypeOptions.ToString().ShouldBe("nosniff");
        return (context.Response.StatusCode, context.Response.ContentType, body.ToArray());
    }

    private sealed class Registered(Func<Client> client) : IConfigurationSource
    {
        public Oidc.Configuration Current => new([client()], []);
    }
}
