using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Oidc.Tests;

/// <summary>The whole engine as a host composes it, on stores in memory, a clock that stands still and one browser.</summary>
public sealed class TestProvider : IDisposable
{
    public const string Issuer = "https://login.example";

    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;

    public TestProvider(Action<IServiceCollection>? add = null)
    {
        Store.Put(TestPeople.Alice);
        Store.Put(TestPeople.Bob);
        Browser = new TestBrowser(Store) { Session = TestPeople.SessionOf(TestPeople.Alice, Time.Now) };
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace))
            .AddOidc(Options, new KeyPeriods())
            .AddSingleton<IConfigurationSource>(Configuration)
            .AddSingleton<ISigningKeys>(Keys)
            .AddSingleton<IGrantStore>(Store)
            .AddSingleton<ISessionStore>(Store)
            .AddSingleton<ITokenStore>(Store)
            .AddSingleton<IAssertionStore>(Store)
            .AddSingleton<IClientKeys>(Store)
            .AddSingleton<IIssuanceAudit>(Issuances)
            .AddSingleton<IBrowserInteraction>(Browser)
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(new RefreshTokenChain(1, new Dictionary<int, byte[]> { [1] = new byte[32] }));
        add?.Invoke(services);
        _services = services.BuildServiceProvider();
        var app = new ApplicationBuilder(_services);
        app.UseOidcDocuments();
        app.UseOidc();
        _pipeline = app.Build();
    }

    public static OidcOptions Options { get; } = new() { Issuer = Issuer };

    public ManualTime Time { get; } = new();

    public InMemoryStore Store { get; } = new();

    public TestConfiguration Configuration { get; } = new();

    public Keyring Keys { get; } = new();

    public TestIssuances Issuances { get; } = new();

    public TestBrowser Browser { get; }

    public TestLog Log { get; } = new();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task<Answer> GetAsync(string path, Form? query = null, string? authorization = null) => SendAsync("GET", path, request =>
    {
        request.QueryString = new QueryString(query is null ? null : "?" + query);
        if (authorization is not null)
        {
            request.Headers.Authorization = authorization;
        }
    });

    public Task<Answer> PostAsync(string path, Form form, string? authorization = null) => SendAsync("POST", path, request =>
    {
        WriteForm(request, form.ToString());
        if (authorization is not null)
        {
            request.Headers.Authorization = authorization;
        }
    });

    /// <summary>Any request at all.</summary>
    public async Task<Answer> SendAsync(string method, string path, Action<HttpRequest>? change = null)
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = _services, TraceIdentifier = "request-1" };
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        context.Request.Method = method;
        context.Request.Path = path;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("attacker.example");
        change?.Invoke(context.Request);
        await _pipeline(context);
        await context.Response.BodyWriter.FlushAsync();
        return new Answer(context.Response.StatusCode, context.Response.Headers, Encoding.UTF8.GetString(body.ToArray()));
    }

    public static void WriteForm(HttpRequest request, string body, string contentType = "application/x-www-form-urlencoded")
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        request.Body = new MemoryStream(bytes);
        request.ContentLength = bytes.Length;
        request.ContentType = contentType;
    }

    public static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    public void Dispose() => _services.Dispose();
}
