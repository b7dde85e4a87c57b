using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Operating;

/// <summary>A person's browser in front of several nodes: it knows one address, keeps cookies, and whichever node it is sent to answers.</summary>
internal sealed class Visitor(string origin)
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Cookies => _cookies;

    /// <summary>Attributes of each cookie as it was last set.</summary>
    public Dictionary<string, string> SetCookies { get; } = new(StringComparer.Ordinal);

    public Task<Answer> GetAsync(HttpClient node, string path) => SendAsync(node, new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Fills in the first form of the page that has these fields.</summary>
    public Task<Answer> SubmitAsync(HttpClient node, Answer page, params (string Name, string Value)[] fields)
    {
        var form = page.Page.Forms.FirstOrDefault(candidate => fields.All(field => candidate.Elements.Any(element => element.GetAttribute("name") == field.Name)))
            ?? throw new InvalidOperationException($"No form with these fields in {page}");
        var hidden = form.QuerySelectorAll("input[type=hidden]").Select(input => (Name: input.GetAttribute("name")!, Value: input.GetAttribute("value") ?? ""));
        var pairs = hidden.Where(pair => fields.All(field => field.Name != pair.Name)).Concat(fields).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2));
        return SendAsync(node, new HttpRequestMessage(HttpMethod.Post, form.GetAttribute("action")) { Content = new FormUrlEncodedContent(pairs) });
    }

    private async Task<Answer> SendAsync(HttpClient node, HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Host = new Uri(origin).Authority;
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Accept", "text/html");
            if (_cookies.Count > 0)
            {
                request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
            }

            using var response = await node.SendAsync(request);
            foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            {
                Keep(set);
            }

            return new Answer(response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync());
        }
    }

    private void Keep(string set)
    {
        var (name, value) = set.Split(';')[0].Split('=', 2) is [var left, var right] ? (left, right) : throw new InvalidOperationException(set);
        SetCookies[name] = set;
        if (value.Length > 0)
        {
            _cookies[name] = value;
        }
        else
        {
            _cookies.Remove(name);
        }
    }
}

/// <summary>What a node answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string? Location, string Body)
{
    public IHtmlDocument Page => new HtmlParser().ParseDocument(Body);

    /// <summary>A parameter of the address it redirects to.</summary>
    public string? Redirected(string name) => System.Web.HttpUtility.ParseQueryString(new Uri(new Uri("http://localhost"), Location ?? "/").Query)[name];

    public override string ToString() => $"{Status} {Location} {Body[..Math.Min(Body.Length, 400)]}";
}
