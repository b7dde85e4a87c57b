using System.Net;
using AngleSharp;
using AngleSharp.Dom;

namespace Sandbox.Tests;

public sealed class CallbackPageTests : IAsyncLifetime
{
    private RunningSandbox sandbox = null!;

    public async Task InitializeAsync() => sandbox = await RunningSandbox.StartAsync();

    public async Task DisposeAsync() => await sandbox.DisposeAsync();

    [Fact]
    public async Task Shows_the_parameters_of_a_redirect()
    {
        var page = await ParseAsync(await sandbox.Http.GetAsync("/callback?code=ac_1&state=a%20b&iss=http%3A%2F%2Flocalhost%3A5100"));
        Rows(page).ShouldBe([("code", "ac_1"), ("state", "a b"), ("iss", "http://localhost:5100")]);
        page.QuerySelector("h1")!.TextContent.ShouldBe("The provider answered");
    }

    [Fact]
    public async Task Shows_the_parameters_of_a_form_post_from_another_origin()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/callback")
        {
            Content = new FormUrlEncodedContent([new("code", "ac_1"), new("state", "s")]),
        };
        request.Headers.Add("Origin", "http://localhost:5100");
        Rows(await ParseAsync(await sandbox.Http.SendAsync(request))).ShouldBe([("code", "ac_1"), ("state", "s")]);
    }

    [Fact]
    public async Task Shows_a_doubled_parameter_twice() =>
        Rows(await ParseAsync(await sandbox.Http.GetAsync("/callback?code=1&code=2"))).ShouldBe([("code", "1"), ("code", "2")]);

    [Fact]
    public async Task Says_so_when_the_answer_is_an_error() =>
        (await ParseAsync(await sandbox.Http.GetAsync("/callback?error=access_denied&state=s"))).QuerySelector("h1")!.TextContent
            .ShouldBe("The provider answered with an error");

    [Fact]
    public async Task Says_so_when_nothing_arrived() =>
        (await ParseAsync(await sandbox.Http.GetAsync("/callback"))).QuerySelector("h1")!.TextContent.ShouldBe("Nothing arrived");

    [Theory]
    [InlineData("/callback?state=")]
    [InlineData("/signed-out?state=")]
    public async Task Shows_hostile_values_as_text(string path)
    {
        const string attack = "\"><script>alert(1)</script>";
        using var answer = await sandbox.Http.GetAsync(path + Uri.EscapeDataString(attack));
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await ParseAsync(answer);
        page.QuerySelectorAll("main script").ShouldBeEmpty();
        Rows(page).ShouldBe([("state", attack)]);
    }

    [Fact]
    public async Task Takes_no_body_over_64_KiB()
    {
        using var body = new FormUrlEncodedContent([new("code", new string('x', 70_000))]);
        (await sandbox.Http.PostAsync("/callback", body)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    private static IEnumerable<(string, string)> Rows(IDocument page) => page.QuerySelectorAll("tr[data-name]")
        .Select(row => (row.QuerySelector("th")!.TextContent, row.QuerySelector("code")!.TextContent));

    private static async Task<IDocument> ParseAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var html = await answer.Content.ReadAsStringAsync();
        return await BrowsingContext.New(Configuration.Default).OpenAsync(response => response.Content(html));
    }
}
