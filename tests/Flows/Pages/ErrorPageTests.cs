using System.Net;
using System.Text.Json;
using Harness;

namespace Flows;

/// <summary>What people and programs are told when something is wrong.</summary>
public sealed class ErrorPageTests(PagedProvider pages) : PageTest(pages)
{
    private const string Attacker = "https://evil.example/phish";

    private string AuthorizeWith(string name, string value) => "/connect/authorize?" + PageVisitor.Request(Provider).With(name, value);

    [Theory]
    [InlineData("redirect_uri", Attacker)]
    [InlineData("client_id", "evil.example")]
    [InlineData("client_id", "nobody")]
    [Trait("Point", "30")]
    public async Task A_request_that_cannot_be_answered_is_shown_here_with_an_id_and_without_a_word_of_its_own(string name, string value)
    {
        var answer = await NewVisitor().GetAsync(AuthorizeWith(name, value).Replace("&state=", "&ui_locales=evil.example&state="));

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Location.ShouldBeNull();
        answer.Html.QuerySelector("#request-id").ShouldNotBeNull().TextContent.ShouldBe(answer["X-Request-Id"]);
        answer.Html.QuerySelector("[data-copy=request-id]").ShouldNotBeNull();
        answer.Body.ShouldNotContain("evil.example");
        answer.Body.ShouldNotContain("state-of-the-client");
        answer.Body.ShouldNotContain("   at ");
        answer.Text.Contains("Storefront", StringComparison.Ordinal).ShouldBe(name == "redirect_uri", "the name of a client is known, that of none is not");
    }

    [Theory]
    [InlineData("/log-in?evil.example=1&x=evil.example")]
    [InlineData("/log-in/error?x=evil.example&shown=evil.example")]
    [InlineData("/log-out?client=evil.example&reason=evil.example&x=evil.example")]
    [InlineData("/evil.example?x=evil.example")]
    [InlineData("/log-in?interaction=evil.example")]
    [InlineData("/create-account?ui_locales=evil.example")]
    [InlineData("/connect/authorize/continue?interaction=evil.example")]
    [Trait("Point", "30")]
    public async Task No_page_repeats_its_address(string url)
    {
        var answer = await NewVisitor().OpenAsync(url);

        answer.Body.ShouldNotContain("evil.example");
        answer.Heading.ShouldNotBeEmpty();
    }

    [Fact]
    [Trait("Point", "30")]
    [Trait("Point", "37")]
    public async Task An_error_is_read_in_the_other_language_with_the_same_id()
    {
        var visitor = NewVisitor();
        var english = await visitor.GetAsync(AuthorizeWith("redirect_uri", Attacker));
        english.Heading.ShouldBe("That did not work");

        var chinese = await visitor.OpenAsync(Switch(english, "language", "zh-CN"));

        chinese.Html.DocumentElement.GetAttribute("lang").ShouldBe("zh-CN");
        chinese.Heading.ShouldBe("出了点问题");
        chinese.Text.ShouldContain("Storefront");
        chinese.Html.QuerySelector("#request-id")!.TextContent.ShouldBe(english["X-Request-Id"]);
        var dark = await visitor.OpenAsync(Switch(chinese, "theme", "dark"));
        dark.Heading.ShouldBe("出了点问题");
        dark.Html.DocumentElement.GetAttribute("data-theme").ShouldBe("dark");
        dark.Html.QuerySelector("#request-id")!.TextContent.ShouldBe(english["X-Request-Id"]);
    }

    [Theory]
    [InlineData("/nothing-here")]
    [InlineData("/log-in/nothing-here")]
    [InlineData("/assets/nothing.css")]
    [InlineData("/.well-known/nothing")]
    public async Task An_unknown_address_is_a_page_for_people_and_an_error_for_programs(string path)
    {
        var page = await NewVisitor("zh-CN").GetAsync(path);
        page.Status.ShouldBe(HttpStatusCode.NotFound);
        page.Heading.ShouldBe("没有这个页面");
        page.Html.QuerySelector("main a[href='/log-in']").ShouldNotBeNull();
        page.Html.QuerySelector("#request-id")!.TextContent.ShouldBe(page["X-Request-Id"]);
        page["Content-Security-Policy"].ShouldNotBeNull();

        foreach (var accept in new[] { "*/*", "application/json" })
        {
            var answer = await NewVisitor().GetAsync(path, accept);
            answer.Status.ShouldBe(HttpStatusCode.NotFound);
            answer["Content-Type"].ShouldBe("application/json");
            var error = JsonElement.Parse(answer.Body);
            error.GetProperty("code").GetString().ShouldBe("NOT_FOUND");
            error.GetProperty("requestId").GetString().ShouldBe(answer["X-Request-Id"]);
        }
    }

    [Theory]
    [InlineData("DELETE", "/log-in")]
    [InlineData("PUT", "/health")]
    public async Task A_method_that_is_not_served_is_a_page_for_people_and_an_error_for_programs(string method, string path)
    {
        var page = await NewVisitor().SendAsync(new HttpRequestMessage(new HttpMethod(method), path), "text/html");
        page.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
        page["Allow"].ShouldNotBeNull();
        page.Heading.ShouldBe("We could not read that");

        if (path == "/health")
        {
            var answer = await NewVisitor().SendAsync(new HttpRequestMessage(new HttpMethod(method), path), "*/*");
            answer.Status.ShouldBe(HttpStatusCode.MethodNotAllowed);
            JsonElement.Parse(answer.Body).GetProperty("code").GetString().ShouldBe("METHOD_NOT_ALLOWED");
        }
    }

    [Fact]
    public async Task A_form_that_is_too_large_is_said_to_be()
    {
        var page = await NewVisitor().PostAsync("/log-in", Form.Of(("identifier", new string('x', 70_000))));
        page.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        page.Heading.ShouldBe("That was too much");
        page.Html.QuerySelector("#request-id")!.TextContent.ShouldBe(page["X-Request-Id"]);
    }

    private static string Switch(PageAnswer page, string name, string value) =>
        page.Html.QuerySelectorAll("footer a").Select(link => link.GetAttribute("href")!).First(href => href.EndsWith($"{name}={value}", StringComparison.Ordinal));
}
