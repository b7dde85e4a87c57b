using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Harness;
using ProviderHarness;

namespace Flows;

/// <summary>An answer to a browser.</summary>
public sealed record PageAnswer(string Url, HttpStatusCode Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public string? Location => this["Location"];

    public IHtmlDocument Html { get; } = new HtmlParser().ParseDocument(Body);

    public string? this[string header] => Headers.FirstOrDefault(item => item.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;

    public string Heading => Html.QuerySelector("h1")?.TextContent ?? "";

    /// <summary>What the page says, as a person reads it.</summary>
    public string Text => string.Join(' ', (Html.QuerySelector("main")?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Whether the client got its answer.</summary>
    public bool HasCode => Location?.Contains("code=ac_", StringComparison.Ordinal) == true;
}

/// <summary>A browser that runs no scripts: keeps cookies, fills in forms, and goes where it is sent as far as the provider's own pages.</summary>
public sealed class PageVisitor(Provider provider, string language)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    /// <summary>The request of <c>storefront</c>.</summary>
    public static Form Request(Provider provider) => Form.Of(
        ("client_id", "storefront"), ("redirect_uri", SignedIn.RedirectUriOf(provider, "storefront")), ("response_type", "code"), ("scope", "openid profile email"),
        ("state", "state-of-the-client"), ("code_challenge", Proof.ChallengeOf(Proof.Verifier)), ("code_challenge_method", "S256"));

    /// <summary>Asks for one address, and follows nothing.</summary>
    public Task<PageAnswer> GetAsync(string url, string accept = "text/html") => SendAsync(new HttpRequestMessage(HttpMethod.Get, url), accept);

    /// <summary>Opens an address and goes on until there is a page, or an address outside.</summary>
    public async Task<PageAnswer> OpenAsync(string url) => await FollowAsync(await GetAsync(url));

    /// <summary>Opens the sign-in page of a request.</summary>
    public Task<PageAnswer> BeginAsync(params (string Name, string Value)[] more) =>
        OpenAsync("/connect/authorize?" + more.Aggregate(Request(provider), (form, item) => form.With(item.Name, item.Value)));

    /// <summary>Fills in the first form that has these fields and presses its button; follows nothing.</summary>
    public Task<PageAnswer> PostAsync(PageAnswer page, params (string Name, string Value)[] fields)
    {
        var form = page.Html.Forms.First(candidate => fields.All(field => candidate.QuerySelector($"[name='{field.Name}']") is not null));
        var hidden = form.QuerySelectorAll("input[type=hidden]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""));
        return PostAsync(form.GetAttribute("action")!, Form.Of([.. hidden.Where(pair => fields.All(field => field.Name != pair.Item1)), .. fields]));
    }

    public Task<PageAnswer> PostAsync(string url, Form form) => SendAsync(
        new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(form.ToString(), null, "application/x-www-form-urlencoded") }, "text/html");

    /// <summary>Fills in a form and goes where it leads.</summary>
    public async Task<PageAnswer> SubmitAsync(PageAnswer page, params (string Name, string Value)[] fields) => await FollowAsync(await PostAsync(page, fields));

    /// <summary>From the sign-in page of a fresh request to the page that waits for the code.</summary>
    public async Task<PageAnswer> AskForCodeAsync(string address) => await SubmitAsync(await BeginAsync(), ("identifier", address));

    public async Task<PageAnswer> FollowAsync(PageAnswer answer)
    {
        while (answer.Location is { } location && location.StartsWith('/'))
        {
            answer = await GetAsync(location);
        }

        return answer;
    }

    public async Task<PageAnswer> SendAsync(HttpRequestMessage request, string accept)
    {
        using (request)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
            request.Headers.TryAddWithoutValidation("Accept-Language", language);
            if (_cookies.Count > 0)
            {
                request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            }

            using var response = await provider.Client.SendAsync(request);
            var headers = response.Headers.Concat(response.Content.Headers).SelectMany(header => header.Value.Select(value => (header.Key, value))).ToArray();
            Keep(headers.Where(header => header.Key == "Set-Cookie").Select(header => header.value));
            return new PageAnswer(response.RequestMessage!.RequestUri!.PathAndQuery, response.StatusCode, headers, await response.Content.ReadAsStringAsync());
        }
    }

    private void Keep(IEnumerable<string> setCookies)
    {
        lock (_cookies)
        {
            foreach (var pair in setCookies.Select(cookie => cookie.Split(';')[0].Split('=', 2)))
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
        }
    }
}
