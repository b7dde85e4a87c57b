using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Tests;

/// <summary>The guard before every address that a client registered. CVE-2026-1180: a <c>jwks_uri</c> must not lead inside.</summary>
public sealed class OutboundClientTests : IAsyncLifetime
{
    private readonly List<string> _asked = [];
    private WebApplication _inside = null!;
    private string _origin = "";

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _inside = builder.Build();
        _inside.Run(AnswerAsync);
        await _inside.StartAsync();
        _origin = _inside.Urls.Single();
    }

    public async Task DisposeAsync() => await _inside.DisposeAsync();

    [Fact]
    public async Task Gets_what_an_allowed_origin_answers()
    {
        using var client = Client(_origin);

        var outcome = await client.GetAsync(new Uri(_origin + "/keys"), default);

        var answered = outcome.ShouldBeOfType<OutboundOutcome.Answered>();
        answered.Succeeded.ShouldBeTrue();
        answered.Body.ShouldBe("hello"u8.ToArray());
    }

    [Fact]
    public async Task Posts_what_it_is_given()
    {
        using var client = Client(_origin);

        var outcome = await client.PostAsync(new Uri(_origin + "/echo"), new FormUrlEncodedContent([new("logout_token", "x")]), default);

        outcome.ShouldBeOfType<OutboundOutcome.Answered>().Body.ShouldBe("logout_token=x"u8.ToArray());
    }

    [Theory]
    [InlineData("http://shop.example.com/keys")]
    [InlineData("https://me:secret@shop.example.com/keys")]
    [InlineData("ftp://shop.example.com/keys")]
    [InlineData("file:///etc/passwd")]
    public async Task Asks_nobody_over_an_open_line(string address)
    {
        using var client = Client();

        (await client.GetAsync(new Uri(address), default)).ShouldBeOfType<OutboundOutcome.Failed>().Reason.ShouldStartWith("the address is not https");
    }

    [Theory]
    [InlineData("https://localhost")]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://127.1")]
    [InlineData("https://2130706433")]
    [InlineData("https://0x7f000001")]
    [InlineData("https://0")]
    [InlineData("https://[::1]")]
    [InlineData("https://[::ffff:127.0.0.1]")]
    [InlineData("https://[::]")]
    [InlineData("https://169.254.169.254")]
    public async Task Never_connects_to_an_address_inside(string origin)
    {
        using var client = Client();

        (await client.GetAsync(new Uri($"{origin}:{new Uri(_origin).Port}/keys"), default)).ShouldBe(new OutboundOutcome.Failed("The host has no public address."));
    }

    [Fact]
    public async Task Judges_what_a_name_resolves_to()
    {
        var connection = new GuardedConnection((_, _) => Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Parse("10.0.0.1"), IPAddress.IPv6Loopback }));

        await Should.ThrowAsync<NoPublicAddressException>(() => connection.FindAsync("shop.example.com", default));
    }

    [Fact]
    public async Task Connects_to_nothing_but_the_addresses_it_judged()
    {
        var asked = 0;
        var connection = new GuardedConnection((_, _) => Task.FromResult<IPAddress[]>(asked++ == 0 ? [IPAddress.Parse("8.8.8.8"), IPAddress.Loopback] : [IPAddress.Loopback]));

        (await connection.FindAsync("shop.example.com", default)).ShouldBe([IPAddress.Parse("8.8.8.8")]);
        asked.ShouldBe(1);
    }

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.0", true)]
    [InlineData("100.128.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.0.0.8", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("203.0.113.7", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:8.8.8.8", false)]
    [InlineData("::8.8.8.8", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2001::1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Knows_public_addresses(string address, bool isPublic) => PublicAddress.Is(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Fact]
    public async Task Follows_no_redirect()
    {
        using var client = Client(_origin);

        var outcome = await client.GetAsync(new Uri(_origin + "/elsewhere"), default);

        outcome.ShouldBeOfType<OutboundOutcome.Answered>().Status.ShouldBe(302);
        _asked.ShouldBe(["/elsewhere"]);
    }

    [Fact]
    public async Task Keeps_no_cookie()
    {
        using var client = Client(_origin);
        await client.GetAsync(new Uri(_origin + "/cookie"), default);

        var outcome = await client.GetAsync(new Uri(_origin + "/cookie"), default);

        outcome.ShouldBeOfType<OutboundOutcome.Answered>().Body.ShouldBe("none"u8.ToArray());
    }

    [Theory]
    [InlineData("/large")]
    [InlineData("/endless")]
    public async Task Reads_no_more_than_its_limit(string path)
    {
        using var client = Client(_origin);

        (await client.GetAsync(new Uri(_origin + path), default)).ShouldBeOfType<OutboundOutcome.Failed>();
    }

    [Theory]
    [InlineData("/silent")]
    [InlineData("/slow")]
    public async Task Waits_no_longer_than_its_patience(string path)
    {
        using var client = new OutboundClient([_origin], GuardedConnection.ByDns, TimeSpan.FromMilliseconds(300));

        (await client.GetAsync(new Uri(_origin + path), default)).ShouldBe(new OutboundOutcome.Failed("no answer in time"));
    }

    [Fact]
    public async Task Ignores_a_proxy_of_the_environment()
    {
        Environment.SetEnvironmentVariable("http_proxy", "http://127.0.0.1:1");
        try
        {
            using var client = Client(_origin);

            (await client.GetAsync(new Uri(_origin + "/keys"), default)).ShouldBeOfType<OutboundOutcome.Answered>();
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", null);
        }
    }

    private static OutboundClient Client(params string[] allowed) => new(allowed, GuardedConnection.ByDns, OutboundClient.Patience);

    private async Task AnswerAsync(HttpContext context)
    {
        _asked.Add(context.Request.Path);
        var cancellation = context.RequestAborted;
        switch (context.Request.Path)
        {
            case "/echo":
                await context.Request.Body.CopyToAsync(context.Response.Body, cancellation);
                break;
            case "/elsewhere":
                context.Response.Redirect("/keys");
                break;
            case "/cookie":
                context.Response.Cookies.Append("seen", "yes");
                await context.Response.WriteAsync(context.Request.Cookies["seen"] ?? "none", cancellation);
                break;
            case "/large":
                await context.Response.Body.WriteAsync(new byte[OutboundClient.MaxBytes + 1], cancellation);
                break;
            case "/endless":
                while (!cancellation.IsCancellationRequested)
                {
                    await context.Response.Body.WriteAsync(new byte[4_096], cancellation);
                }

                break;
            case "/silent":
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
                break;
            case "/slow":
                await context.Response.WriteAsync("a", cancellation);
                await context.Response.Body.FlushAsync(cancellation);
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
                break;
            default:
                await context.Response.WriteAsync("hello", cancellation);
                break;
        }
    }
}
