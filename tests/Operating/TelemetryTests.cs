using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using IdentityProvider;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Operating;

public sealed class TelemetryTests
{
    private static readonly string[] Labels = ["http.request.method", "http.route", "http.response.status_code"];

    // CVE-2026-16100 (Keycloak): whoever sends requests could make as many time series as they liked.
    [Fact]
    public async Task CVE_2026_16100_Labels_come_from_fixed_lists_whatever_is_requested()
    {
        var seen = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        using var listener = Listen(seen);
        await using var provider = await Provider.StartAsync();
        var routes = provider.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(route => route.RoutePattern.RawText!);

        for (var i = 0; i < 50; i++)
        {
            await SendAsync(provider, $"METHOD{i}", $"/path-{i}?query={i}");
            await SendAsync(provider, "GET", $"/connect/authorize/{i}");
            await SendAsync(provider, "GET", $"/connect/authorize?client_id=client-{i}&state=state-{i}");
            await SendAsync(provider, "GET", $"/assets/{i}.css");
            await SendAsync(provider, "GET", "/LOG-IN".Replace('I', i % 2 == 0 ? 'I' : 'i'));
        }

        await provider.TokenAsync("machine", ("grant_type", "client_credentials"));
        string[] known = [Instruments.Other, "/assets/{file}", .. routes, "/connect/authorize", "/connect/token"];
        seen.Keys.ShouldBeSubsetOf(Labels);
        seen["http.route"].Keys.ShouldBeSubsetOf(known);
        seen["http.route"].Keys.ShouldContain("/connect/token");
        seen["http.request.method"].Keys.Order().ShouldBe(["GET", "POST", Instruments.Other], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_sent_to_the_collector_says_routes_and_durations_and_nothing_anybody_sent()
    {
        await using var collector = await Collector.StartAsync();
        var provider = await Provider.StartAsync(null, $"Telemetry:Otlp={collector.Address}", "Telemetry:TraceRatio=1");
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", "openid offline_access");
        var tokens = await provider.RedeemAsync("storefront", code);
        await provider.RefreshAsync("storefront", tokens.RefreshToken);
        await provider.UserInfoAsync(tokens.AccessToken);
        await provider.Client.GetAsync($"/connect/authorize?client_id=storefront&state=a-state&login_hint=alice@example.com&id_token_hint={tokens["id_token"]}");
        await provider.Client.GetAsync($"/secret-path?code={code}");
        using (var traced = new HttpRequestMessage(HttpMethod.Get, "/health/live") { Headers = { { "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" } } })
        {
            await provider.Client.SendAsync(traced);
        }

        await provider.DisposeAsync();

        var metrics = collector.Received("/v1/metrics");
        var traces = collector.Received("/v1/traces");
        metrics.ShouldContain("http.server.request.duration");
        metrics.ShouldContain("/connect/token");
        traces.ShouldContain("POST /connect/token");
        // The caller's trace goes on.
        traces.ShouldContain(Encoding.Latin1.GetString(Convert.FromHexString("0af7651916cd43dd8448eb211c80319c")));
        string[] secrets =
        [
            code, tokens.AccessToken, tokens.RefreshToken, tokens["id_token"]!, ProviderHarness.Proof.Verifier, "a-state", "alice@example.com", "secret-path", "Development-1",
            provider.Database.ConnectionString.Split("Password=")[1].Split(';')[0],
        ];
        foreach (var secret in secrets)
        {
            metrics.ShouldNotContain(secret);
            traces.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task A_collector_that_is_away_hinders_nobody()
    {
        var provider = await Provider.StartAsync(null, "Telemetry:Otlp=http://127.0.0.1:1/", "Telemetry:TraceRatio=1");

        (await provider.TokenAsync("machine", ("grant_type", "client_credentials"))).Succeeded.ShouldBeTrue();
        var stopping = Stopwatch.StartNew();
        await provider.DisposeAsync();

        stopping.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    private static async Task SendAsync(Provider provider, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await provider.Client.SendAsync(request);
    }

    private static MeterListener Listen(ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> seen)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument == Instruments.RequestDuration)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            foreach (var (label, value) in tags)
            {
                seen.GetOrAdd(label, _ => new()).TryAdd(value!.ToString()!, true);
            }
        });
        listener.Start();
        return listener;
    }

    /// <summary>Takes what it is sent, and answers as a collector does.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

        public string Address => app.Urls.Single() + "/";

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
            builder.Logging.ClearProviders();
            var collector = new Collector(builder.Build());
            collector.App.Run(collector.TakeAsync);
            await collector.App.StartAsync();
            return collector;
        }

        public string Received(string path) => string.Concat(_received.Where(item => item.Path == path).Select(item => Encoding.Latin1.GetString(item.Body)));

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private WebApplication App => app;

        private async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _received.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        }
    }
}
