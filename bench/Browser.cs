using System.Net;
using System.Text.RegularExpressions;

namespace Bench;

/// <summary>Signs Alice in the way her browser would: follows redirects, fills the forms it meets, keeps the cookies.</summary>
internal static partial class Browser
{
    private const int Patience = 12;

    /// <returns>The session's cookies, as a header line.</returns>
    public static async Task<string> SignInAsync(Uri authorize)
    {
        // A jar of our own: .NET's keeps Secure cookies from http://localhost, which browsers do not.
        var cookies = new Dictionary<string, string>(StringComparer.Ordinal);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler);
        var (next, form) = (authorize, (FormUrlEncodedContent?)null);
        for (var step = 0; step < Patience; step++)
        {
            using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, next) { Content = form };
            if (cookies.Count > 0)
            {
                request.Headers.Add("Cookie", Header(cookies));
            }

            using var response = await client.SendAsync(request);
            foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            {
                var pair = cookie.Split(';')[0].Split('=', 2);
                cookies[pair[0]] = pair[1];
            }

            if (response.Headers.Location is { } location)
            {
                (next, form) = (new Uri(next, location), null);
                if (next.Port != authorize.Port)
                {
                    return $"Cookie: {Header(cookies)}\r\n";
                }

                continue;
            }

            response.EnsureSuccessStatusCode();
            var html = await response.Content.ReadAsStringAsync();

            // A page that waits for a mailed code offers the password as well, which needs no mailbox.
            (next, form) = PasswordLink().Match(html) is { Success: true } link && !html.Contains("type=\"password\"", StringComparison.Ordinal)
                ? (new Uri(next, WebUtility.HtmlDecode(link.Groups["href"].Value)), null)
                : FillIn(next, html);
        }

        throw new InvalidOperationException($"Not signed in after {Patience} steps; the last was {next}");
    }

    private static string Header(Dictionary<string, string> cookies) => string.Join("; ", cookies.Where(cookie => cookie.Value.Length > 0).Select(cookie => $"{cookie.Key}={cookie.Value}"));

    private static (Uri Action, FormUrlEncodedContent Fields) FillIn(Uri page, string html)
    {
        var form = Form().Match(html);
        if (!form.Success)
        {
            throw new InvalidOperationException($"No form to fill in at {page}");
        }

        var action = Attribute(form.Groups["tag"].Value, "action");
        var fields = Input().Matches(form.Groups["body"].Value).Select(match => match.Value)
            .Where(input => Attribute(input, "name").Length > 0)
            .Select(input => KeyValuePair.Create(Attribute(input, "name"), (Attribute(input, "name"), Attribute(input, "type")) switch
            {
                (_, "password") => "Development-1",
                ("identifier", _) or (_, "email") => "alice@example.com",
                _ => Attribute(input, "value"),
            }));
        return (new Uri(page, action.Length > 0 ? action : page.PathAndQuery), new FormUrlEncodedContent(fields.ToList()));
    }

    private static string Attribute(string tag, string name) =>
        Attributes().Matches(tag).FirstOrDefault(match => match.Groups["name"].Value == name) is { } found ? WebUtility.HtmlDecode(found.Groups["value"].Value) : "";

    [GeneratedRegex("(?<name>[a-z]+)=\"(?<value>[^\"]*)\"", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Attributes();

    [GeneratedRegex("<form\\b(?<tag>[^>]*method=\"post\"[^>]*)>(?<body>.*?)</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Form();

    [GeneratedRegex("<a\\b[^>]*href=\"(?<href>[^\"]*/log-in/password[^\"]*)\"", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex PasswordLink();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.Singleline | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Input();
}
