using System.Net;
using System.Text;
using System.Text.Json;
using AngleSharp;
using AngleSharp.Dom;

namespace Sandbox.Tests;

public sealed class MailboxPageTests : IAsyncLifetime
{
    private RunningSandbox sandbox = null!;

    public async Task InitializeAsync() => sandbox = await RunningSandbox.StartAsync();

    public async Task DisposeAsync() => await sandbox.DisposeAsync();

    [Fact]
    public async Task Gives_programs_the_mail_of_one_address_newest_first()
    {
        Deliver("alice@example.com", "first", "text/plain", "one");
        Deliver("alice@example.com", "second", "text/html", "<p>two</p>");
        Deliver("bob@example.com", "third", "text/plain", "three");

        var messages = JsonDocument.Parse(await sandbox.Http.GetStringAsync("/mailbox/messages?to=Alice%40example.com")).RootElement;
        messages.GetArrayLength().ShouldBe(2);
        messages[0].EnumerateObject().Select(member => member.Name).ShouldBe(["id", "from", "to", "subject", "text", "html", "receivedAt"]);
        messages[0].GetProperty("subject").GetString().ShouldBe("second");
        messages[0].GetProperty("to").GetString().ShouldBe("alice@example.com");
        messages[0].GetProperty("text").ValueKind.ShouldBe(JsonValueKind.Null);
        messages[0].GetProperty("html").GetString().ShouldBe("<p>two</p>");
        messages[1].GetProperty("text").GetString().ShouldBe("one");
        messages[1].GetProperty("receivedAt").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task Shows_people_the_code_and_every_mail_newest_first()
    {
        Deliver("alice@example.com", "您的验证码 482913", "text/plain", "code 482913");
        Deliver("bob@example.com", "no code", "text/plain", "nothing");

        var page = await OpenAsync("/mailbox");
        page.QuerySelectorAll("article h2").Select(heading => heading.TextContent).ShouldBe(["no code", "您的验证码 482913"]);
        page.QuerySelectorAll("[data-code]").ShouldHaveSingleItem().TextContent.ShouldBe("482913");
    }

    [Fact]
    public async Task Shows_only_the_mail_of_the_address_asked_for()
    {
        Deliver("alice@example.com", "hers", "text/plain", "");
        (await OpenAsync("/mailbox?to=alice@example.com")).QuerySelectorAll("article").Length.ShouldBe(1);
        (await OpenAsync("/mailbox?to=bob@example.com")).QuerySelector(".empty h2")!.TextContent.ShouldBe("No mail for bob@example.com");
    }

    [Fact]
    public async Task Shows_hostile_mail_as_text()
    {
        const string attack = "<script>alert(1)</script><img src=x onerror=alert(1)>";
        Deliver("\"<b>\"@example.com", attack, "text/plain", attack);

        var page = await OpenAsync($"/mailbox");
        page.QuerySelectorAll("main script, main img, main b").ShouldBeEmpty();
        page.QuerySelector("article h2")!.TextContent.ShouldBe(attack);
        page.QuerySelector("article pre")!.TextContent.ShouldBe(attack);

        var filtered = await OpenAsync("/mailbox?to=" + Uri.EscapeDataString($"\">{attack}"));
        filtered.QuerySelectorAll("main script, main img").ShouldBeEmpty();
    }

    [Fact]
    public async Task Frames_HTML_mail_where_it_can_do_nothing()
    {
        var mail = Deliver("alice@example.com", "rich", "text/html", "<p onclick='x()'>hi</p><script>alert(1)</script>");
        var frame = (await OpenAsync("/mailbox")).QuerySelector("iframe")!;
        frame.GetAttribute("sandbox").ShouldBe("");
        frame.GetAttribute("src").ShouldBe($"/mailbox/messages/{mail.Id}/html");

        using var answer = await sandbox.Http.GetAsync(frame.GetAttribute("src"));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldStartWith("default-src 'none';");
        policy.ShouldContain("; sandbox;");
        policy.ShouldNotContain("script-src");
    }

    [Fact]
    public async Task Gives_the_octets_as_they_were_sent()
    {
        var mail = Deliver("alice@example.com", "raw", "text/plain", "<script>");
        using var answer = await sandbox.Http.GetAsync($"/mailbox/messages/{mail.Id}/raw");
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(mail.Raw.ToArray());
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Theory]
    [InlineData("/mailbox/messages/none/html")]
    [InlineData("/mailbox/messages/none/raw")]
    [InlineData("/wechat/codes")]
    [InlineData("/assets/other.css")]
    public async Task Knows_nothing_else(string path) => (await sandbox.Http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Refreshes_itself_with_and_without_scripts()
    {
        var page = await OpenAsync("/mailbox");
        page.QuerySelector("noscript")!.InnerHtml.ShouldContain("http-equiv=\"refresh\"");
        var module = page.QuerySelector("script[type=module]")!.GetAttribute("src");
        (await sandbox.Http.GetAsync(module)).Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
    }

    [Theory]
    [InlineData("/mailbox")]
    [InlineData("/callback?code=a")]
    [InlineData("/signed-out")]
    public async Task Needs_nothing_inline(string path)
    {
        Deliver("alice@example.com", "code 482913", "text/plain", "text");
        using var answer = await sandbox.Http.GetAsync(path);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe");
        var page = await ParseAsync(await answer.Content.ReadAsStringAsync());
        page.QuerySelectorAll("[style], style, script:not([src])").ShouldBeEmpty();
    }

    [Fact]
    public async Task Answers_only_to_loopback_names()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mailbox/messages");
        request.Headers.Host = "rebound.example.com";
        (await sandbox.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private ReceivedMail Deliver(string to, string subject, string type, string body) => sandbox.Mailbox.Deliver(
        "no-reply@example.com", [to], Encoding.UTF8.GetBytes($"Subject: {subject}\r\nContent-Type: {type}; charset=utf-8\r\n\r\n{body}"));

    private async Task<IDocument> OpenAsync(string path) => await ParseAsync(await sandbox.Http.GetStringAsync(path));

    private static Task<IDocument> ParseAsync(string html) =>
        BrowsingContext.New(Configuration.Default).OpenAsync(response => response.Content(html));
}
