using System.Net;
using System.Text;
using System.Text.Json;

namespace AccessTokens.Tests;

public sealed class UniformErrorsTests : IAsyncLifetime
{
    private ResourceApi _api = null!;

    public async Task InitializeAsync() => _api = await ResourceApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData("GET", "/nowhere", 404, "NOT_FOUND")]
    [InlineData("DELETE", "/members", 405, "METHOD_NOT_ALLOWED")]
    [InlineData("GET", "/broken", 500, "SERVER_ERROR")]
    public async Task Answers_in_one_shape_whatever_went_wrong(string method, string path, int status, string code)
    {
        var response = await _api.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), authorization: null);

        ((int)response.StatusCode).ShouldBe(status);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        body.RootElement.EnumerateObject().Select(member => member.Name).ShouldBe(["error", "code", "requestId", "details"]);
        body.RootElement.GetProperty("code").GetString().ShouldBe(code);
        body.RootElement.GetProperty("details").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task Answers_a_body_over_the_limit_with_413()
    {
        using var content = new StringContent(new string('x', 70_000), Encoding.UTF8, "text/plain");

        var response = await _api.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/echo") { Content = content }, authorization: null);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"REQUEST_TOO_LARGE\"");
    }

    [Fact]
    public async Task Tells_the_log_and_not_the_caller_what_was_thrown()
    {
        var response = await _api.GetAsync(null, "/broken");

        (await response.Content.ReadAsStringAsync()).ShouldNotContain("a secret of the implementation");
        string.Join('\n', _api.Lines.Lines).ShouldContain("a secret of the implementation");
    }

    [Fact]
    public async Task Leaves_answers_alone_that_say_something() => (await _api.Client.GetStringAsync("/anonymous")).ShouldBe("open");
}
