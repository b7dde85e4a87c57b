using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Jose;

namespace AccessTokens.Tests;

/// <summary>An issuer behind the HTTP client: its metadata, its keys, and every way in which it can be away.</summary>
public sealed class FakeIssuer : HttpMessageHandler
{
    public const string Identifier = "https://issuer.example";

    public static readonly SigningKey Key = SigningKey.Create(Algorithms.ES256);

    public ConcurrentQueue<HttpRequestMessage> Requests { get; } = new();

    public string Metadata { get; set; } = 
        $$"""{"issuer":"{{Identifier}}","jwks_uri":"{{Identifier}}/jwks","introspection_endpoint":"{{Identifier}}/introspect"}""";

    /// <summary>What it says about every token.</summary>
    public string Introspection { get; set; } = """{"active":false}""";

    /// <summary>What it says about the token in that form; the same about every token unless set.</summary>
    public Func<string, string>? IntrospectionOf { get; set; }

    /// <summary>Who asked about tokens, and how.</summary>
    public ConcurrentQueue<(string? Authorization, string Form)> Questions { get; } = new();

    public string Jwks { get; set; } = Write(new JwkSet([Key.PublicKey]));

    public CacheControlHeaderValue? CacheControl { get; set; } = new() { Public = true, MaxAge = TimeSpan.FromMinutes(15) };

    public TimeSpan? Age { get; set; }

    /// <summary>Connections are refused.</summary>
    public bool Away { get; set; }

    public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

    /// <summary>Answers wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How often the keys were asked for.</summary>
    public int KeyReads => Requests.Count(request => request.RequestUri!.AbsolutePath == "/jwks");

    public void Publish(params SigningKey[] keys) => Jwks = Write(new JwkSet(keys.Select(key => key.PublicKey)));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        await Gate.WaitAsync(cancellationToken);
        if (Away)
        {
            throw new HttpRequestException("Connection refused");
        }

        var form = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : "";
        if (form.Length > 0)
        {
            Questions.Enqueue((request.Headers.Authorization?.ToString(), form));
        }

        var body = request.RequestUri!.AbsolutePath switch
        {
            "/.well-known/openid-configuration" => Metadata,
            "/jwks" => Jwks,
            "/introspect" when request.Method == HttpMethod.Post => IntrospectionOf?.Invoke(form) ?? Introspection,
            _ => null,
        };
        var response = new HttpResponseMessage(body is null ? HttpStatusCode.NotFound : Status) { Content = new StringContent(body ?? "") };
        response.Headers.CacheControl = CacheControl;
        response.Headers.Age = Age;
        return response;
    }

    private static string Write(JwkSet keys)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            keys.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
