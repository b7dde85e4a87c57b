using System.Net;

namespace Sandbox.Tests;

/// <summary>Where the client <c>web</c> is told of logouts.</summary>
public sealed class LogoutTests : IAsyncLifetime
{
    // {"sid":"session-1"} between a header and a signature that nobody looks at.
    private const string Token = "e30.eyJzaWQiOiJzZXNzaW9uLTEifQ.c2ln";

    private RunningSandbox sandbox = null!;

    public async Task InitializeAsync() => sandbox = await RunningSandbox.StartAsync();

    public async Task DisposeAsync() => await sandbox.DisposeAsync();

    [Fact]
    public async Task Shows_a_logout_token()
    {
        (await PostAsync(new("logout_token", Token))).ShouldBe(HttpStatusCode.OK);

        (await sandbox.Http.GetStringAsync("/signed-out")).ShouldContain("session-1");
        (await sandbox.Http.GetStringAsync("/callback")).ShouldContain("back channel");
    }

    [Theory]
    [InlineData("logout_token", "no.token")]
    [InlineData("logout_token", "a.%.c")]
    [InlineData("token", Token)]
    public async Task Refuses_what_is_none(string name, string value)
    {
        (await PostAsync(new(name, value))).ShouldBe(HttpStatusCode.BadRequest);

        (await sandbox.Http.GetStringAsync("/callback")).ShouldNotContain("back channel");
    }

    [Fact]
    public async Task Shows_a_front_channel_logout_and_lets_the_provider_frame_it()
    {
        using var answer = await sandbox.Http.GetAsync("/frontchannel-logout?iss=http%3A%2F%2Flocalhost%3A5100&sid=session-2");

        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldEndWith("frame-ancestors http://localhost:*");
        (await sandbox.Http.GetStringAsync("/signed-out")).ShouldContain("session-2");
    }

    private async Task<HttpStatusCode> PostAsync(KeyValuePair<string, string> field)
    {
        using var answer = await sandbox.Http.PostAsync("/backchannel-logout", new FormUrlEncodedContent([field]));
        return answer.StatusCode;
    }
}
