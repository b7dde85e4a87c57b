using System.Net;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Attacks;

/// <summary>What came back; status 0 when the server hung up without a word.</summary>
public sealed record Reply(int Status, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    public string? this[string header] => Headers.FirstOrDefault(item => item.Name.Equals(header, StringComparison.OrdinalIgnoreCase)).Value;

    public string? Location => this["Location"];

    public bool IsJson => this["Content-Type"] == "application/json";

    public bool IsPage => this["Content-Type"]?.StartsWith("text/html", StringComparison.Ordinal) == true;

    public JsonElement Json => JsonElement.Parse(Body);

    public IHtmlDocument Page => new HtmlParser().ParseDocument(Body);

    /// <summary>The error code of the protocol, from the body or from the redirect.</summary>
    public string? Error => IsJson && Json.TryGetProperty("error", out var error) ? error.GetString() : Redirected("error");

    /// <summary>Cookies it sets, by name; the value is empty when it takes one away.</summary>
    public IEnumerable<(string Name, string Value)> Cookies => Headers.Where(header => header.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value.Split(';')[0].Split('=', 2))
        .Select(pair => (pair[0], pair[1]));

    /// <summary>A parameter of the address it redirects to.</summary>
    public string? Redirected(string name) => Location is { } location && location.Contains('?', StringComparison.Ordinal)
        ? location[(location.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('#')[0].Split('&').Select(pair => pair.Split('=', 2))
            .Where(pair => pair[0] == name).Select(pair => WebUtility.UrlDecode(pair[1])).FirstOrDefault()
        : null;

    public override string ToString() => $"{Status} {Location} {Body[..Math.Min(Body.Length, 400)]}";
}
