using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Conformance;

/// <summary>What the provider answered to one request.</summary>
public sealed record Reply(HttpStatusCode Status, ILookup<string, string> Headers, string Body)
{
    public string? this[string header] => Headers[header].FirstOrDefault();

    public string? MediaType => this["Content-Type"]?.Split(';')[0];

    public JsonElement Json => JsonElement.Parse(Body);

    public IHtmlDocument Page => new HtmlParser().ParseDocument(Body);

    public override string ToString() => $"{Status} {this["Location"]} {Body[..Math.Min(Body.Length, 400)]}";
}
