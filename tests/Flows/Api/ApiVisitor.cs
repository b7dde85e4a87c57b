using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ProviderHarness;

namespace Flows;

/// <summary>An answer of the JSON API.</summary>
public sealed record ApiReply(HttpStatusCode Status, IReadOnlyList<(string Name, string Value)> Headers, string Text)
{
    public JsonElement Body { get; } = Text.Length > 0 ? JsonElement.Parse(Text) : default;

    public string? this[string member] => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(member, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null;

    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public string Token => this["token"] ?? throw new InvalidOperationException($"No token but {Status} {Text}");

    public string RefreshToken => this["refreshToken"] ?? throw new InvalidOperationException($"No refresh token but {Status} {Text}");

    public string ChallengeId => this["challengeId"] ?? throw new InvalidOperationException($"No challenge but {Status} {Text}");

    /// <summary>It was refused with this status and code, in the one shape.</summary>
    public ApiReply ShouldBe(int status, string code)
    {
        ((int)Status, this["code"]).ShouldBe((status, code), Text);
        Body.EnumerateObject().Select(member => member.Name).ShouldBe(["error", "code", "requestId", "details"]);
        this["requestId"].ShouldBe(Header("X-Request-Id"));
        if (status is 429 or 503)
        {
            int.Parse(Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        }

        return this;
    }

    /// <summary>It was refused because of exactly these fields.</summary>
    public void ShouldRefuse(params string[] fields) =>
        ShouldBe(400, "REQUEST_INVALID").Body.GetProperty("details").GetProperty("fields").EnumerateObject().Select(field => field.Name).ShouldBe(fields, ignoreOrder: true, Text);
}

/// <summary>A caller of the JSON API: a browser at an origin, which keeps cookies, or a program without either.</summary>
/// <param name="origin">Null: no browser.</param>
public sealed class ApiVisitor(Provider provider, string? origin)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public IDictionary<string, string> Cookies => _cookies;

    /// <summary>Sent as the access token, when set.</summary>
    public string? Bearer { get; set; }

    public string? Origin { get; set; } = origin;

    public HttpClient Client { get; init; } = provider.Client;

    public Task<ApiReply> PostAsync(string path, object body) => PostTextAsync(path, JsonSerializer.Serialize(body));

    public Task<ApiReply> PostTextAsync(string path, string json, string type = "application/json") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue(type)) });

    public Task<ApiReply> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<ApiReply> MeAsync() => GetAsync("/api/auth/me");

    public async Task<ApiReply> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (Origin is not null)
            {
                request.Headers.TryAddWithoutValidation("Origin", Origin);
            }

            if (_cookies.Count > 0)
            {
                request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            }

            if (Bearer is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Bearer);
            }

            using var response = await Client.SendAsync(request);
            var headers = response.Headers.Concat(response.Content.Headers).SelectMany(header => header.Value.Select(value => (header.Key, value))).ToArray();
            foreach (var pair in headers.Where(header => header.Key == "Set-Cookie").Select(header => header.value.Split(';')[0].Split('=', 2)))
            {
                if (pair[1].Length > 0)
                {
                    _cookies[pair[0]] = pair[1];
                }
                else
                {
                    _cookies.Remove(pair[0]);
                }
            }

            return new ApiReply(response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        }
    }
}
