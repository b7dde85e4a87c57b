using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AccessTokens.Tests;

/// <summary>How a token may be sent: RFC 6750 §2.1, and no other way.</summary>
public sealed class BearerCredentialsTests : IAsyncLifetime
{
    private const string InvalidRequest = "Bearer realm=\"members\", error=\"invalid_request\", "
        + "error_description=\"The access token must be sent once, in the Authorization header.\", scope=\"members\"";

    private ResourceApi _api = null!;

    private string Good => _api.Token.Write();

    public async Task InitializeAsync() => _api = await ResourceApi.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    // RFC 6750 §3.1: without authentication information no error code is given.
    [Theory]
    [InlineData(null)]
    [InlineData("Basic bWVtYmVyczpzZWNyZXQ=")]
    [InlineData("DPoP abc")]
    [InlineData("BearerX abc")]
    public async Task Asks_for_a_token_without_naming_an_error_when_none_was_sent(string? authorization)
    {
        var response = await _api.GetAsync(authorization);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        Challenge(response).ShouldBe("Bearer realm=\"members\", scope=\"members\"");
    }

    // RFC 9110 §11.1: schemes have no case.
    [Theory]
    [InlineData("bearer ")]
    [InlineData("BEARER ")]
    [InlineData("Bearer   ")]
    public async Task Knows_the_scheme_in_any_case(string scheme) =>
        (await _api.GetAsync(scheme + Good)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a b")]
    [InlineData("Bearer a, Bearer b")]
    [InlineData("Bearer \"a\"")]
    [InlineData("Bearer a=b")]
    [InlineData("Bearer ===")]
    [InlineData("Bearer a;b")]
    public async Task Refuses_credentials_that_are_not_one_token(string authorization) =>
        ShouldBeInvalid(await _api.GetAsync(authorization));

    [Fact]
    public async Task Refuses_a_token_in_the_query_besides_the_header() =>
        ShouldBeInvalid(await _api.GetAsync($"Bearer {Good}", $"/members?access_token={Good}"));

    [Fact]
    public async Task Refuses_a_token_in_the_body_besides_the_header() =>
        ShouldBeInvalid(await PostAsync($"Bearer {Good}", $"access_token={Good}"));

    [Fact]
    public async Task Refuses_a_form_it_cannot_search() =>
        ShouldBeInvalid(await PostAsync($"Bearer {Good}", string.Join('&', Enumerable.Range(0, 200).Select(i => $"p{i}=1"))));

    [Fact]
    public async Task Lets_in_a_form_without_a_token() =>
        (await PostAsync($"Bearer {Good}", "name=x")).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task Does_not_look_at_a_token_in_the_query_or_the_body()
    {
        Challenge(await _api.GetAsync(null, $"/members?access_token={Good}")).ShouldBe("Bearer realm=\"members\", scope=\"members\"");
        Challenge(await PostAsync(null, $"access_token={Good}")).ShouldBe("Bearer realm=\"members\", scope=\"members\"");
    }

    // By hand, since an HTTP client joins the two lines.
    [Theory]
    [InlineData("Bearer")]
    [InlineData("Basic")]
    public async Task Refuses_two_headers(string scheme)
    {
        using var socket = new TcpClient(_api.Address.Host, _api.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /members HTTP/1.1\r\nHost: {_api.Address.Authority}\r\nConnection: close\r\n"
            + $"Authorization: {scheme} {Good}\r\nAuthorization: Bearer {Good}\r\n\r\n"));
        var response = await new StreamReader(stream).ReadToEndAsync();

        response.ShouldStartWith("HTTP/1.1 400 ");
        response.ShouldContain($"WWW-Authenticate: {InvalidRequest}\r\n");
    }

    [Fact]
    public async Task Asks_nothing_of_an_open_endpoint() =>
        (await _api.GetAsync(null, "/anonymous")).StatusCode.ShouldBe(HttpStatusCode.OK);

    private async Task<HttpResponseMessage> PostAsync(string? authorization, string form)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        return await _api.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/members") { Content = content }, authorization);
    }

    private static void ShouldBeInvalid(HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        Challenge(response).ShouldBe(InvalidRequest);
    }

    private static string Challenge(HttpResponseMessage response) => response.Headers.GetValues("WWW-Authenticate").ShouldHaveSingleItem();
}
