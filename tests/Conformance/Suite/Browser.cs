using System.Web;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;

namespace Conformance;

/// <summary>
/// The browser of the person the suite signs in: keeps cookies, follows redirects inside the provider, and has the person fill in what a page asks: who it is,
/// the password, yes to what the application may know.
/// </summary>
public sealed class Browser(TestedProvider provider)
{
    private const string Phone = "+8613800138099", Password = "Development-1";

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>Goes to an address of the provider from a link, until the provider lets the browser go or has nothing to ask.</summary>
    public Task<Arrival> GoAsync(string address, Form query) => ArriveAsync(Get($"{address}?{query}"));

    /// <summary>Goes there by a form on a page of the suite. Cookies that are <c>SameSite=Lax</c> stay at home (RFC 6265bis §5.6.7.1), and the provider has no others.</summary>
    public Task<Arrival> PostAsync(string address, Form form) => ArriveAsync(Post(address, form, provider.Suite), withCookies: false);

    /// <summary>Presses a button of the page that the provider left the person at.</summary>
    public Task<Arrival> PressAsync(Arrival at, string selector)
    {
        var button = at.Last.Page.QuerySelector<IHtmlButtonElement>(selector) ?? throw new InvalidOperationException($"No {selector} on {at}");
        return ArriveAsync(Submit(TestedProvider.Issuer, (IHtmlFormElement)button.Form!, button));
    }

    private async Task<Arrival> ArriveAsync(HttpRequestMessage request, bool withCookies = true)
    {
        var pages = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var here = request.RequestUri!;
            var reply = await SendAsync(request, withCookies);
            withCookies = true;
            if (reply["Location"] is { } location)
            {
                ((int)reply.Status).ShouldBeOneOf(302, 303);
                var next = new Uri(here, location);
                if (!IsHere(next))
                {
                    return new Arrival(next, null, pages, reply);
                }

                request = Get(next.AbsoluteUri);
                continue;
            }

            if (ReadFormPost(reply) is { } post)
            {
                return new Arrival(post.Address, post.Form, pages, reply);
            }

            if (ReadFrames(reply) is { Length: > 0 } frames)
            {
                return new Arrival(ReadRefresh(reply, here), null, pages, reply) { Frames = frames };
            }

            if (reply.Status != HttpStatusCode.OK || Answer(reply.Page, here) is not { } answer)
            {
                return new Arrival(null, null, pages, reply);
            }

            pages.Add(here.AbsolutePath);
            request = answer;
        }

        throw new InvalidOperationException($"No end after {string.Join(", ", pages)}");
    }

    // Form Post Response Mode §2: a page that leads elsewhere by itself. Its script must be one that its own policy lets run.
    private static (Uri Address, System.Collections.Specialized.NameValueCollection Form)? ReadFormPost(Reply reply)
    {
        if (reply.MediaType != "text/html" || reply.Page.Forms is not [IHtmlFormElement form])
        {
            return null;
        }

        var address = new Uri(new Uri(TestedProvider.Issuer), form.GetAttribute("action"));
        if (IsHere(address))
        {
            return null;
        }

        reply.Status.ShouldBe(HttpStatusCode.OK);
        form.GetAttribute("method").ShouldBe("post", StringCompareShould.IgnoreCase);
        form.GetAttribute("enctype").ShouldBeNull();
        var script = reply.Page.QuerySelector("script")!.TextContent;
        script.ShouldBe("document.forms[0].submit()");
        reply["Content-Security-Policy"]!.ShouldContain($"'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)))}'");
        reply["Content-Security-Policy"]!.ShouldNotContain("form-action");
        reply["Cache-Control"]!.ShouldContain("no-store");
        return (address, HttpUtility.ParseQueryString(Fields(form).ToString()));
    }

    // Frames are loaded only from where the page's own policy lets them come from (CSP Level 3 §6.4.1).
    private static Uri[] ReadFrames(Reply reply)
    {
        if (reply.MediaType != "text/html")
        {
            return [];
        }

        var frames = reply.Page.QuerySelectorAll<IHtmlInlineFrameElement>("iframe").Select(frame => new Uri(frame.GetAttribute("src")!)).ToArray();
        var allowed = reply["Content-Security-Policy"]?.Split(';').FirstOrDefault(directive => directive.TrimStart().StartsWith("frame-src", StringComparison.Ordinal)) ?? "";
        frames.ShouldAllBe(frame => allowed.Contains(frame.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
        return frames;
    }

    // Where a page goes on to by itself, here for a browser that runs no scripts; the link says the same to a person.
    private static Uri? ReadRefresh(Reply reply, Uri here)
    {
        if (reply.Page.QuerySelector("meta[http-equiv=refresh]")?.GetAttribute("content") is not { } refresh)
        {
            return null;
        }

        var target = new Uri(here, refresh[(refresh.IndexOf("url=", StringComparison.Ordinal) + 4)..]);
        reply.Page.QuerySelector("a[data-after-frames]")!.GetAttribute("href").ShouldBe(target.AbsoluteUri);
        return target;
    }

    // What the person does at this page; null when there is nothing to do.
    private static HttpRequestMessage? Answer(IHtmlDocument page, Uri here)
    {
        if (page.QuerySelector<IHtmlInputElement>("input[name=identifier]") is { Form: { } who })
        {
            return Submit(here, who, null, ("identifier", Phone));
        }

        if (page.QuerySelector<IHtmlInputElement>("input[name=password]") is { Form: { } proof })
        {
            return Submit(here, proof, null, ("password", Password));
        }

        return page.QuerySelector<IHtmlButtonElement>("button[name=action][value=allow]") is { Form: { } consent } allow ? Submit(here, consent, allow) : null;
    }

    private static HttpRequestMessage Submit(Uri here, IElement form, IHtmlButtonElement? button, params (string Name, string Value)[] typed)
    {
        var fields = typed.Aggregate(Fields(form), (all, field) => all.With(field.Name, field.Value));
        var all = button?.GetAttribute("name") is { } name ? fields.With(name, button.GetAttribute("value") ?? "") : fields;
        return Post(new Uri(here, form.GetAttribute("action")).AbsoluteUri, all, TestedProvider.Issuer);
    }

    private static HttpRequestMessage Submit(string here, IElement form, IHtmlButtonElement button) => Submit(new Uri(here), form, button);

    private static Form Fields(IElement form) =>
        Form.Of([.. form.QuerySelectorAll("input[type=hidden]").Select(input => (input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))]);

    private static bool IsHere(Uri address) => address.GetLeftPart(UriPartial.Authority) == TestedProvider.Issuer;

    private static HttpRequestMessage Get(string address) => new(HttpMethod.Get, address);

    private static HttpRequestMessage Post(string address, Form form, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(form.ToString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        request.Headers.Add("Origin", origin);
        return request;
    }

    private async Task<Reply> SendAsync(HttpRequestMessage request, bool withCookies)
    {
        request.Headers.Add("Accept", "text/html");
        request.Headers.Add("Accept-Language", "en");
        if (withCookies && _cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        var reply = await provider.SendAsync(request);
        foreach (var set in reply.Headers["Set-Cookie"])
        {
            var (name, value) = set.Split(';')[0].Split('=', 2) is [var left, var right] ? (left, right) : throw new InvalidOperationException(set);
            set.ShouldContain("samesite=lax", Case.Insensitive);
            set.ShouldContain("secure", Case.Insensitive);
            if (value.Length > 0)
            {
                _cookies[name] = value;
            }
            else
            {
                _cookies.Remove(name);
            }
        }

        return reply;
    }
}
