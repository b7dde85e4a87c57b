namespace AccessTokens.Tests;

public sealed class RequestIdsTests : IAsyncLifetime
{
    private ResourceApi _api = null!;

    public async Task InitializeAsync() => _api = await ResourceApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData("a")]
    [InlineData("0198b6f2-7c1e-7d7a-9d5f-000000000001")]
    [InlineData("checkout_42.retry-1")]
    public async Task Answers_the_id_it_was_given(string id) => (await AskAsync(id)).ShouldBe(id);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\tINFO forged line")]
    [InlineData("<script>")]
    [InlineData("a, b")]
    public async Task Draws_an_id_when_it_was_given_none_that_is_well_formed(string? id)
    {
        var answered = await AskAsync(id);

        answered.ShouldMatch("^[0-9a-f]{32}$");
        (await AskAsync(id)).ShouldNotBe(answered);
    }

    [Fact]
    public async Task Draws_an_id_when_the_given_one_is_too_long()
    {
        (await AskAsync(new string('a', 128))).Length.ShouldBe(128);
        (await AskAsync(new string('a', 129))).Length.ShouldBe(32);
    }

    [Fact]
    public async Task Sends_the_id_on_with_outbound_calls()
    {
        await AskAsync("traced-1", $"Bearer {_api.Token.Write()}");

        _api.Issuer.Requests.Count.ShouldBe(2);
        _api.Issuer.Requests.ShouldAllBe(request => request.Headers.GetValues("X-Request-Id").Single() == "traced-1");
    }

    [Fact]
    public async Task Stands_on_every_line_the_request_writes()
    {
        await AskAsync("traced-2", "Bearer x");

        _api.Lines.Lines.Single(line => line.Contains("An access token was refused", StringComparison.Ordinal)).ShouldContain("traced-2");
    }

    private async Task<string> AskAsync(string? id, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/members");
        if (id is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        }

        return (await _api.SendAsync(request, authorization)).Headers.GetValues("X-Request-Id").ShouldHaveSingleItem();
    }
}
