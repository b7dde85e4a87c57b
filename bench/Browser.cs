using System.Net;
using System.Text.RegularExpressions;

namespace Bench;

/// <summary>Signs Alice in the way her browser would: follows redirects, fills the forms it meets, keeps the cookies.</summary>
static partial class Browser
{
    const int Patience = 12;

    /// <returns>The session's cookies, as a header line.</returns>
    public static async Task<string> SignInAsync(Uri authorize)
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = cookies };
        using var client = new HttpClient(handler);
        var (next, form) = (authorize, (FormUrlEncodedContent?)null);
        for (var step = 0; step < Patience; step++)
        {
            using var response = form is null ? await client.GetAsync(next) : await client.PostAsync(next, form);
            if (response.Headers.Location is { } location)
            {
                (next, form) = (new Uri(next, location), null);
                if (next.Port != authorize.Port)
                    return $"Cookie: {cookies.GetCookieHeader(authorize)}\r\n";
                continue;
            }

            response.EnsureSuccessStatusCode();
            (next, form) = FillIn(next, await response.Content.ReadAsStringAsync());
        }

        throw new InvalidOperationException($"Not signed in after {Patience} steps; the last was {next}");
    }

    static (Uri Action, FormUrlEncodedContent Fields) FillIn(Uri page, string html)
    {
        var form = Form().Match(html);
        if (!form.Success)
            throw new InvalidOperationException($"No form to fill in at {page}");
        var action = Attribute(form.Groups["tag"].Value, "action");
        var fields = Input().Matches(form.Groups["body"].Value).Select(match => match.Value)
            .Where(input => Attribute(input, "name").Length > 0)
            .Select(input => KeyValuePair.Create(Attribute(input, "name"), Attribute(input, "type") switch
            {
                "password" => "Development-1",
                "email" => "alice@example.com",
                _ => Attribute(input, "value"),
            }));
        return (new Uri(page, action.Length > 0 ? action : page.PathAndQuery), new FormUrlEncodedContent(fields.ToList()));
    }

    static string Attribute(string tag, string name) =>
        Attributes().Matches(tag).FirstOrDefault(match => match.Groups["name"].Value == name) is { } found ? WebUtility.HtmlDecode(found.Groups["value"].Value) : "";

    [GeneratedRegex("(?<name>[a-z]+)=\"(?<value>[^\"]*)\"", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Attributes();

    [GeneratedRegex("<form\\b(?<tag>[^>]*method=\"post\"[^>]*)>(?<body>.*?)</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Input();
}
