using AngleSharp.Dom;

namespace Attacks;

/// <summary>A page on which nothing runs, loads or leads away but what the provider put there.</summary>
public static class InertPage
{
    private static readonly string[] Elements =
    [
        "html", "head", "meta", "title", "link", "script", "body", "main", "div", "p", "h1", "a", "nav", "footer", "form", "input", "label", "button", "span", "strong",
        "code", "dl", "dt", "dd", "ul", "li", "details", "summary", "time", "svg", "path", "circle", "rect", "line", "g", "polyline", "noscript",
    ];

    private static readonly string[] Addresses = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset"];

    /// <param name="home">Addresses of the clients, which a page may link to.</param>
    public static void ShouldBeInert(this Reply reply, string why, params string[] home)
    {
        var page = reply.Page;
        foreach (var element in page.All)
        {
            Elements.ShouldContain(element.LocalName, why);
            foreach (var attribute in element.Attributes)
            {
                attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{why}: {element.OuterHtml}");
                attribute.Name.ShouldNotContain("xss1337", Case.Insensitive, why);
                if (Addresses.Contains(attribute.Name))
                {
                    IsOwn(attribute.Value, home).ShouldBeTrue($"{why}: {element.OuterHtml}");
                }
            }
        }

        page.QuerySelectorAll("title").Length.ShouldBe(1, why);
        page.QuerySelectorAll("script").ShouldAllBe(script => IsOwnScript(script));
        reply["Content-Security-Policy"].ShouldNotBeNull(why).ShouldNotContain("unsafe");
    }

    private static bool IsOwn(string address, string[] home) =>
        address.Length == 0 || address[0] is '?' or '#' || (address[0] == '/' && !address.StartsWith("//", StringComparison.Ordinal) && !address.StartsWith("/\\", StringComparison.Ordinal))
        || home.Any(uri => address.StartsWith(uri, StringComparison.Ordinal));

    private static bool IsOwnScript(IElement script) =>
        script.GetAttribute("src")?.StartsWith("/assets/", StringComparison.Ordinal) == true || script.TextContent == "document.forms[0].submit()";
}
