using System.Net;
using System.Text.Json;
using Npgsql;

namespace Operating;

/// <summary>Production behind Debian's nginx, which ends TLS in front of two nodes.</summary>
public sealed class ProxyTests : IAsyncLifetime
{
    private Database _database = null!;
    private NodeProcess _first = null!;
    private NodeProcess _second = null!;
    private Nginx _nginx = null!;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        // People and clients of development, which Production would refuse: what differs here is https and the proxy.
        var port = Installation.FreePort();
        var installation = new Installation(_database) { Settings = [$"Oidc:Issuer=https://localhost:{port}", "Proxy:Trusted=127.0.0.1"] };
        _first = await NodeProcess.StartAsync(installation);
        _second = await NodeProcess.StartAsync(installation);
        _nginx = await Nginx.StartAsync(port, _first.Port, _second.Port);
    }

    public async Task DisposeAsync()
    {
        await _nginx.DisposeAsync();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_browser_meets_https_everywhere_and_a_lost_node_is_not_missed()
    {
        using var client = _nginx.NewClient();
        var visitor = new Visitor(_nginx.Origin);
        var metadata = JsonElement.Parse(await client.GetStringAsync("/.well-known/openid-configuration"));

        var page = await SignIn.NameAsync(visitor, client, await SignIn.BeginAsync(visitor, client, _first.Installation));
        await _first.KillAsync();
        var proven = await SignIn.ProveAsync(visitor, client, page);
        var back = await visitor.GetAsync(client, proven.Location!);

        metadata.GetProperty("issuer").GetString().ShouldBe(_nginx.Origin);
        metadata.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal)).ShouldAllBe(member => member.Value.GetString()!.StartsWith(_nginx.Origin + "/"));
        back.Redirected("code").ShouldNotBeNull();
        back.Redirected("iss").ShouldBe(_nginx.Origin);
        visitor.SetCookies.Keys.ShouldContain("__Host-identity.session");
        visitor.SetCookies.ShouldAllBe(cookie => cookie.Key.StartsWith("__Host-") && cookie.Value.Contains("secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_clients_address_is_the_last_hop_that_is_no_proxy_of_ours()
    {
        using var client = _nginx.NewClient(from: "127.0.0.2");
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");

        (await AddressOfSignInAsync(client)).ShouldBe("127.0.0.2");
    }

    [Fact]
    public async Task Who_comes_past_the_proxy_names_no_address_of_their_own()
    {
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = From("127.0.0.3") }) { BaseAddress = _second.Client.BaseAddress };
        direct.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");

        (await AddressOfSignInAsync(direct)).ShouldBe("127.0.0.3");
    }

    // users.md A row 3: whatever a request calls this provider, it calls itself by its issuer.
    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "http")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("X-Original-Host", "evil.example")]
    [InlineData("Forwarded", "for=203.0.113.7;host=evil.example;proto=http")]
    public async Task The_issuer_wins_over_every_header(string header, string value)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _second.Client.BaseAddress };
        foreach (var path in new[] { "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", SignIn.AuthorizePath(_first.Installation), "/log-in", "/connect/endsession" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await client.SendAsync(request);

            var everything = string.Join('\n', response.Headers.Select(item => string.Join(' ', item.Value))) + await response.Content.ReadAsStringAsync();
            everything.ShouldNotContain("evil");
            everything.ShouldNotContain("http://localhost:" + _second.Port);
            if (path.StartsWith("/.well-known", StringComparison.Ordinal))
            {
                everything.ShouldContain($"\"{_nginx.Origin}\"");
            }
        }
    }

    private async Task<string?> AddressOfSignInAsync(HttpClient client)
    {
        var visitor = new Visitor(_nginx.Origin);
        var page = await SignIn.NameAsync(visitor, client, await SignIn.BeginAsync(visitor, client, _first.Installation));
        (await SignIn.ProveAsync(visitor, client, page)).Status.ShouldBe(HttpStatusCode.SeeOther);
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand("select address from sessions order by created_at desc limit 1");
        return (string?)await command.ExecuteScalarAsync();
    }

    private static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> From(string address) => async (context, cancellation) =>
    {
        var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
        return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
    };
}
