using System.IO.Compression;
using System.Text.RegularExpressions;
using IdentityProvider;
using ProviderHarness;

namespace Flows;

/// <summary>Languages, colours, headers and weight of every page.</summary>
public sealed partial class LookTests(PagedProvider pages) : PageTest(pages)
{
    [Fact]
    [Trait("Point", "35")]
    public void No_text_is_missing_in_either_language_and_none_is_left_in_the_other()
    {
        var properties = typeof(Texts).GetProperties().Where(property => property.PropertyType == typeof(string) && property.Name != nameof(Texts.Language)).ToArray();
        properties.Length.ShouldBeGreaterThan(80);
        foreach (var property in properties)
        {
            var (english, chinese) = ((string)property.GetValue(EnglishTexts.Instance)!, (string)property.GetValue(ChineseTexts.Instance)!);
            Han().IsMatch(chinese).ShouldBeTrue($"{property.Name}: {chinese}");
            english.Trim().ShouldNotBeEmpty(property.Name);
            Han().IsMatch(english).ShouldBeFalse($"{property.Name}: {english}");
        }
    }

    [Fact]
    [Trait("Point", "35")]
    public async Task Every_page_is_in_the_language_the_application_asked_for()
    {
        foreach (var (wished, browser) in new[] { ("zh-CN", "en"), ("en", "zh-CN"), ("fr zh-Hans", "en") })
        {
            var language = wished.Contains("zh", StringComparison.Ordinal) ? "zh-CN" : "en";
            foreach (var page in await EveryPageAsync(NewVisitor(browser), ("ui_locales", wished)))
            {
                page.Html.DocumentElement.GetAttribute("lang").ShouldBe(language, page.Url);
                Han().IsMatch(page.Heading).ShouldBe(language == "zh-CN", page.Heading);
            }
        }
    }

    [Fact]
    [Trait("Point", "35")]
    public async Task The_mail_is_in_the_language_of_the_page()
    {
        var visitor = NewVisitor("en");
        var address = Pages.NewAddress();
        await visitor.SubmitAsync(await visitor.BeginAsync(("ui_locales", "zh-CN")), ("identifier", address));
        await Pages.CodeAsync(address);
        Pages.Mails(address)[0].Content.Subject.ShouldContain("验证码");
    }

    [Fact]
    [Trait("Point", "37")]
    public async Task Language_and_colours_are_links_and_both_choices_are_kept()
    {
        var visitor = NewVisitor("en");
        var begun = await visitor.BeginAsync();
        var chinese = await visitor.OpenAsync(SwitchOf(begun, "language=zh-CN"));
        chinese.Heading.ShouldBe("登录");
        chinese.Url.ShouldContain("interaction=");
        var dark = await visitor.OpenAsync(SwitchOf(chinese, "theme=dark"));
        dark.Html.DocumentElement.GetAttribute("data-theme").ShouldBe("dark");

        // The next page and the next request know.
        var next = await visitor.SubmitAsync(dark, ("identifier", AlicePhone));
        (next.Html.DocumentElement.GetAttribute("lang"), next.Html.DocumentElement.GetAttribute("data-theme")).ShouldBe(("zh-CN", "dark"));
        var later = await visitor.OpenAsync("/create-account");
        (later.Html.DocumentElement.GetAttribute("lang"), later.Html.DocumentElement.GetAttribute("data-theme")).ShouldBe(("zh-CN", "dark"));
    }

    [Fact]
    [Trait("Point", "36")]
    public async Task The_page_arrives_in_the_chosen_colours()
    {
        var visitor = NewVisitor();
        var page = await visitor.OpenAsync("/log-in");
        page.Html.DocumentElement.GetAttribute("data-theme").ShouldBe("auto");
        page.Html.QuerySelector("meta[name=color-scheme]")!.GetAttribute("content").ShouldBe("light dark");

        page = await visitor.OpenAsync(SwitchOf(page, "theme=dark"));
        page = await visitor.OpenAsync("/log-in");

        // In the first bytes, not by a script: there is no moment in the other colours.
        page.Html.DocumentElement.GetAttribute("data-theme").ShouldBe("dark");
        page.Html.QuerySelector("meta[name=color-scheme]")!.GetAttribute("content").ShouldBe("dark");
        page = await visitor.OpenAsync(SwitchOf(page, "theme=auto"));
        (await visitor.OpenAsync("/log-in")).Html.DocumentElement.GetAttribute("data-theme").ShouldBe("auto");
    }

    [Fact]
    [Trait("Point", "38")]
    public async Task Every_page_is_closed_to_everything_foreign()
    {
        var redirect = new Uri(SignedIn.RedirectUriOf(Provider, "storefront")).GetLeftPart(UriPartial.Authority);
        foreach (var page in await EveryPageAsync(NewVisitor()))
        {
            var policy = page["Content-Security-Policy"].ShouldNotBeNull(page.Url).Split("; ").Select(directive => directive.Split(' ', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
            policy["default-src"].ShouldBe("'none'");
            policy["base-uri"].ShouldBe("'none'");
            policy["frame-ancestors"].ShouldBe("'none'");
            policy["script-src"].ShouldBe("'self'");
            policy["style-src"].ShouldBe("'self'");
            policy["form-action"].ShouldBe(page.Html.QuerySelector("main form") is null || !page.Url.Contains("interaction=", StringComparison.Ordinal) ? "'self'" : $"'self' {redirect}", page.Url);
            page["Referrer-Policy"].ShouldBe("no-referrer");
            page["Cross-Origin-Opener-Policy"].ShouldBe("same-origin");
            page["X-Content-Type-Options"].ShouldBe("nosniff");
            page["X-Frame-Options"].ShouldBe("DENY");
            page["Cache-Control"].ShouldNotBeNull().ShouldContain("no-store");
            page.Html.QuerySelectorAll("[src], link[href]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!).ShouldAllBe(address => address.StartsWith("/assets/"));
            page.Html.QuerySelectorAll("[style], style, script:not([src])").ShouldBeEmpty(page.Url);
        }
    }

    [Fact]
    [Trait("Point", "38")]
    public async Task The_answer_by_form_post_is_closed_as_well()
    {
        var visitor = NewVisitor();
        var password = await visitor.SubmitAsync(await visitor.BeginAsync(("response_mode", "form_post")), ("identifier", AlicePhone));
        var answer = await visitor.SubmitAsync(password, ("password", Password));

        answer.Html.Forms.ShouldHaveSingleItem().GetAttribute("action").ShouldBe(SignedIn.RedirectUriOf(Provider, "storefront"));
        var policy = answer["Content-Security-Policy"].ShouldNotBeNull();
        policy.ShouldStartWith("default-src 'none'");
        policy.ShouldNotContain("unsafe");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("base-uri 'none'");
        answer["Referrer-Policy"].ShouldBe("no-referrer");
    }

    [Fact]
    [Trait("Point", "40")]
    public async Task The_first_load_is_light_and_asks_for_nothing_that_asks_for_more()
    {
        var visitor = NewVisitor();
        foreach (var page in await EveryPageAsync(visitor))
        {
            var weight = page.Body.Length;
            var addresses = page.Html.QuerySelectorAll("script[src], link[href]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!).ToArray();
            addresses.Length.ShouldBeLessThanOrEqualTo(3);
            foreach (var address in addresses)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                request.Headers.AcceptEncoding.ParseAdd("gzip, deflate, br");
                using var response = await Provider.Client.SendAsync(request);
                response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
                response.Headers.CacheControl!.ToString().ShouldContain("immutable");
                var bytes = await response.Content.ReadAsByteArrayAsync();
                weight += bytes.Length;
                // Page, then these: a chain of two.
                AsksForMore().IsMatch(Decompress(bytes)).ShouldBeFalse(address);
            }

            weight.ShouldBeLessThan(60 * 1_024, page.Url);
        }
    }

    /// <summary>Each page once, in one visit.</summary>
    private async Task<IReadOnlyList<PageAnswer>> EveryPageAsync(PageVisitor visitor, params (string Name, string Value)[] more)
    {
        var begun = await visitor.BeginAsync(more);
        var waiting = await visitor.SubmitAsync(begun, ("identifier", Pages.NewAddress()));
        string At(string page) => begun.Url.Replace("/log-in", page);
        var locales = more.Length == 0 ? "" : "&ui_locales=" + Uri.EscapeDataString(more[0].Value);
        return
        [
            begun, waiting, await visitor.OpenAsync(At("/log-in/password")), await visitor.OpenAsync(At("/create-account")), await visitor.OpenAsync(At("/create-account/password")),
            await visitor.GetAsync("/connect/authorize?client_id=nobody" + locales), await visitor.GetAsync("/nothing-here?" + locales), await visitor.GetAsync("/log-in/error?" + locales),
        ];
    }

    private static string SwitchOf(PageAnswer page, string choice)
    {
        var href = page.Html.QuerySelectorAll("footer a").Select(link => link.GetAttribute("href")!).First(href => href.EndsWith(choice, StringComparison.Ordinal));
        return href.StartsWith('?') ? page.Url.Split('?')[0] + href : href;
    }

    private static string Decompress(byte[] brotli)
    {
        using var reader = new StreamReader(new BrotliStream(new MemoryStream(brotli), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex(@"@import|url\(|^import |import\(", RegexOptions.Multiline)]
    private static partial Regex AsksForMore();
}
