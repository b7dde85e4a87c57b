namespace Oidc.Tests;

/// <summary>Which origins' scripts may read which answers (RFC 9700 §2.6: none at the authorization endpoint).</summary>
public sealed class CorsEndpointTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public static TheoryData<string> Callable => [Endpoints.Metadata, Endpoints.AuthorizationServerMetadata, Endpoints.Jwks, Endpoints.Token, Endpoints.UserInfo];

    public static TheoryData<string> NeverCallable => [Endpoints.Authorize, Endpoints.AuthorizeContinue, Endpoints.EndSession];

    public void Dispose() => _provider.Dispose();

    [Theory]
    [MemberData(nameof(Callable))]
    public async Task Lets_the_origin_of_a_public_client_read_the_answer(string path)
    {
        var answer = await SendAsync("GET", path, "https://app.example");

        answer.Headers.AccessControlAllowOrigin.ToString().ShouldBe("https://app.example");
        answer.Headers.Vary.ToString().ShouldBe("Origin");
        answer.Headers.AccessControlExposeHeaders.ToString().ShouldContain("WWW-Authenticate");
        answer.Headers.AccessControlAllowCredentials.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Callable))]
    public async Task Answers_its_preflight(string path)
    {
        var answer = await SendAsync("OPTIONS", path, "https://app.example");

        (answer.Status, answer.Body).ShouldBe((204, ""));
        answer.Headers.AccessControlAllowOrigin.ToString().ShouldBe("https://app.example");
        answer.Headers.AccessControlAllowMethods.ToString().ShouldBe("GET, POST");
        answer.Headers.AccessControlAllowHeaders.ToString().ShouldBe("authorization, content-type, x-request-id");
        answer.Headers.AccessControlMaxAge.ToString().ShouldBe("600");
    }

    [Theory]
    [MemberData(nameof(NeverCallable))]
    public async Task Lets_no_script_read_what_a_browser_navigates_to(string path)
    {
        foreach (var method in new[] { "GET", "POST", "OPTIONS" })
        {
            ShouldAllowNothing(await SendAsync(method, path, "https://app.example"));
        }
    }

    [Theory]
    [InlineData("https://attacker.example")]
    [InlineData("https://app.example/")]
    [InlineData("https://APP.example")]
    [InlineData("http://app.example")]
    [InlineData("https://app.example:443")]
    [InlineData("https://app.example:8443")]
    [InlineData("https://app.example.attacker.example")]
    [InlineData("https://sub.app.example")]
    [InlineData("https://app.example,https://attacker.example")]
    [InlineData("null")]
    [InlineData("*")]
    [InlineData("")]
    public async Task Lets_no_other_origin_read_anything(string origin)
    {
        ShouldAllowNothing(await SendAsync("GET", Endpoints.Metadata, origin));
        ShouldAllowNothing(await SendAsync("OPTIONS", Endpoints.Token, origin));
    }

    [Fact]
    public async Task Reads_no_two_origins() => ShouldAllowNothing(await _provider.SendAsync("GET", Endpoints.Metadata, request =>
        request.Headers.Origin = new(["https://app.example", "https://app.example"])));

    // A confidential client has a server to call from.
    [Fact]
    public async Task Lets_no_confidential_and_no_disabled_client_call_from_a_browser()
    {
        ShouldAllowNothing(await SendAsync("GET", Endpoints.Metadata, "https://web.example"));

        _provider.Configuration.Put(TestConfiguration.Spa with { Enabled = false });
        ShouldAllowNothing(await SendAsync("GET", Endpoints.Metadata, "https://app.example"));
    }

    [Fact]
    public async Task Lets_an_error_be_read_too()
    {
        var answer = await _provider.SendAsync("POST", Endpoints.Token, request =>
        {
            TestProvider.WriteForm(request, Flow.Redeem("ac_x").ToString());
            request.Headers.Origin = "https://app.example";
        });

        answer.ShouldRefuse("invalid_grant");
        answer.Headers.AccessControlAllowOrigin.ToString().ShouldBe("https://app.example");
    }

    [Fact]
    public async Task Answers_OPTIONS_of_nobody_in_particular_with_nothing()
    {
        var answer = await _provider.SendAsync("OPTIONS", Endpoints.Token);

        answer.Status.ShouldBe(204);
        ShouldAllowNothing(answer);
    }

    private Task<Answer> SendAsync(string method, string path, string origin) => _provider.SendAsync(method, path, request => request.Headers.Origin = origin);

    private static void ShouldAllowNothing(Answer answer) => answer.Headers.Keys.ShouldNotContain(name => name.StartsWith("Access-Control"));
}
