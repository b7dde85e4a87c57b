using System.Net;
using System.Text.RegularExpressions;
using Harness;

namespace ProviderHarness;

/// <summary>What a browser is answered.</summary>
public sealed partial record Page(HttpStatusCode Status, string? Location, string Body, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> SetCookies)
{
    /// <summary>A parameter of the address it leads to.</summary>
    public string? Redirected(string name) => Location is { } location && location.Contains('?', StringComparison.Ordinal)
        ? System.Web.HttpUtility.ParseQueryString(location[location.IndexOf('?', StringComparison.Ordinal)..])[name]
        : null;

    /// <summary>The value of the first hidden field of that name.</summary>
    public string Field(string name) => WebUtility.HtmlDecode(Regex.Match(Body, $"name=\"{name}\"[^>]* value=\"([^\"]*)\"").Groups[1].Value);

    /// <summary>Addresses the page loads in frames.</summary>
    public IReadOnlyList<Uri> Frames => [.. Frame().Matches(Body).Select(match => new Uri(WebUtility.HtmlDecode(match.Groups[1].Value)))];

    [GeneratedRegex("<iframe src=\"([^\"]*)\"")]
    private static partial Regex Frame();
}

/// <summary>Calls as a browser makes them, with the cookies a test gives it.</summary>
public static class PageCalls
{
    public static Task<Page> GetPageAsync(this HttpClient client, string path, Form? query = null, params string[] cookies) =>
        SendAsync(client, new HttpRequestMessage(HttpMethod.Get, query is null ? path : $"{path}?{query}"), cookies);

    public static Task<Page> PostPageAsync(this HttpClient client, string path, Form form, params string[] cookies) => SendAsync(client, new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new StringContent(form.ToString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
    }, cookies);

    /// <summary>Fills in a form of ours: the antiforgery token of that page and the cookie that goes with it come along.</summary>
    public static Task<Page> SubmitAsync(this HttpClient client, Page from, string path, Form form, params string[] cookies) =>
        client.PostPageAsync(path, form.With("form", from.Field("form")), [.. cookies, .. from.SetCookies]);

    private static async Task<Page> SendAsync(HttpClient client, HttpRequestMessage request, string[] cookies)
    {
        using (request)
        {
            if (cookies.Length > 0)
            {
                request.Headers.Add("Cookie", string.Join("; ", cookies));
            }

            using var response = await client.SendAsync(request);
            return new Page(
                response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(),
                response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
                response.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set.Select(cookie => cookie.Split(';')[0])] : []);
        }
    }
}
