using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Jose;

namespace AccessTokens.Tests;

/// <summary>Tokens that only their issuer can judge (RFC 7662): those by reference, and signed ones that live long.</summary>
public sealed class IntrospectionTests : IAsyncLifetime
{
    private const string Secret = "9f2c61d07be84a5c93e1f80a6d47b25e";
    private const string Reference = "at_pAZ1mY4x0vQ8rJ3kS7tU2wE6nB9cF5gH1iL0oD4yXzA";

    private readonly FakeIssuer _issuer = new();
    private ResourceApi _api = null!;

    public async Task InitializeAsync()
    {
        _api = await ResourceApi.StartAsync(_issuer, options => options.IntrospectionSecret = Secret);
        _issuer.Introspection = _api.Token.WriteAnswer();
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Lets_in_a_reference_token_and_tells_the_same_as_from_a_signed_one()
    {
        var response = await _api.GetAsync($"Bearer {Reference}");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await response.Content.ReadAsStringAsync();
        body.ShouldBe("""{"subject":"alice","clientId":"storefront","roles":["teacher","principal"],"isTeacher":true}""");
        body.ShouldBe(await (await _api.CallAsync(_api.Token)).Content.ReadAsStringAsync());
        var (authorization, form) = _issuer.Questions.ShouldHaveSingleItem();
        authorization.ShouldBe("Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"members:{Secret}")));
        form.ShouldBe($"token={Reference}&token_type_hint=access_token");
    }

    [Fact]
    public async Task Asks_for_the_scope_of_a_reference_token_too()
    {
        _issuer.Introspection = (_api.Token with { Change = ("scope", "openid") }).WriteAnswer();

        (await StatusAsync(Reference)).ShouldBe(403);
    }

    [Fact]
    public async Task Refuses_a_token_that_is_inactive()
    {
        _issuer.Introspection = """{"active":false}""";

        var response = await _api.GetAsync($"Bearer {Reference}");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
    }

    public static TheoryData<string, string?> WrongAnswers => new()
    {
        { "iss", "\"https://attacker.example\"" },
        { "iss", null },
        { "aud", "\"smart-cs\"" },
        { "aud", "[\"identity\"]" },
        { "aud", "7" },
        { "aud", null },
        { "sub", null },
        { "sub", "\"\"" },
        { "client_id", null },
        { "client_id", "7" },
        { "scope", null },
        { "scope", "[\"members\"]" },
        { "exp", null },
        { "exp", "\"soon\"" },
        { "exp", "1893455970" },
        { "nbf", "4102444800" },
        { "token_type", "\"DPoP\"" },
        { "cnf", "{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"}" },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task Refuses_a_token_with_one_claim_of_the_answer_that_is_not_right(string name, string? value)
    {
        _issuer.Introspection = (_api.Token with { Change = (name, value is null ? null : JsonNode.Parse(value)) }).WriteAnswer();

        (await StatusAsync(Reference)).ShouldBe(401);
    }

    // An answer that cannot be read says nothing about the token.
    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"active":"true"}""")]
    [InlineData("""{"active":null}""")]
    [InlineData("""{"active":false,"active":true}""")]
    public async Task Says_to_come_back_when_the_answer_is_none(string answer)
    {
        _issuer.Introspection = answer;

        (await StatusAsync(Reference)).ShouldBe(503);
    }

    [Fact]
    public async Task Refuses_what_it_has_no_secret_to_ask_about_and_asks_nobody()
    {
        await using var api = await ResourceApi.StartAsync(_issuer);

        (await api.GetAsync($"Bearer {Reference}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _issuer.Requests.ShouldBeEmpty();
        (await api.CallAsync(api.Token with { Life = TimeSpan.FromHours(1) })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.CallAsync(api.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _issuer.Questions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(900, 0)]
    [InlineData(901, 1)]
    public async Task Asks_about_a_signed_token_that_lives_longer_than_a_quarter_of_an_hour(int seconds, int questions)
    {
        var token = (_api.Token with { Life = TimeSpan.FromSeconds(seconds) }).Write();

        (await StatusAsync(token)).ShouldBe(200);

        _issuer.Questions.Count.ShouldBe(questions);
    }

    [Fact]
    public async Task Refuses_a_long_lived_token_that_was_revoked()
    {
        _issuer.Introspection = """{"active":false}""";

        (await StatusAsync((_api.Token with { Life = TimeSpan.FromHours(1) }).Write())).ShouldBe(401);
    }

    [Fact]
    public async Task Asks_nothing_about_a_long_lived_token_that_somebody_else_signed()
    {
        using var other = SigningKey.Create(Algorithms.ES256);

        (await StatusAsync((_api.Token with { Life = TimeSpan.FromHours(1), Key = other }).Write())).ShouldBe(401);

        _issuer.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Notices_a_revocation_within_a_minute()
    {
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Introspection = """{"active":false}""";
        _api.Time.Advance(TimeSpan.FromSeconds(59));
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Questions.Count.ShouldBe(1);

        _api.Time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(Reference)).ShouldBe(401);
    }

    [Fact]
    public async Task Never_goes_by_an_answer_past_the_tokens_expiry()
    {
        _issuer.Introspection = (_api.Token with { Life = TimeSpan.FromSeconds(20) }).WriteAnswer();
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Introspection = """{"active":false}""";
        _api.Time.Advance(TimeSpan.FromSeconds(19));
        (await StatusAsync(Reference)).ShouldBe(200);

        _api.Time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(Reference)).ShouldBe(401);
    }

    [Fact]
    public async Task Asks_once_in_ten_seconds_about_a_token_that_is_inactive()
    {
        _issuer.Introspection = """{"active":false}""";
        (await StatusAsync(Reference)).ShouldBe(401);
        _api.Time.Advance(TimeSpan.FromSeconds(9));
        (await StatusAsync(Reference)).ShouldBe(401);
        _issuer.Questions.Count.ShouldBe(1);

        _api.Time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(Reference)).ShouldBe(401);
        _issuer.Questions.Count.ShouldBe(2);
    }

    // CVE-2025-26620: requests that differ in what the key of a cache leaves out get each other's answers.
    [Theory]
    [InlineData(Reference + "x")]
    [InlineData("at_pAZ1mY4x0vQ8rJ3kS7tU2wE6nB9cF5gH1iL0oD4yXzB")]
    [InlineData("at_PAZ1mY4x0vQ8rJ3kS7tU2wE6nB9cF5gH1iL0oD4yXzA")]
    [Trait("Advisory", "CVE-2025-26620")]
    public async Task CVE_2025_26620_An_answer_serves_no_token_but_its_own(string other)
    {
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Introspection = """{"active":false}""";

        (await StatusAsync(other)).ShouldBe(401);
        (await StatusAsync(Reference)).ShouldBe(200);
    }

    [Fact]
    [Trait("Advisory", "CVE-2025-26620")]
    public async Task CVE_2025_26620_Signed_tokens_that_begin_alike_are_two()
    {
        var first = _api.Token with { Life = TimeSpan.FromHours(1) };
        var second = first with { Change = ("sub", "bob") };
        (await StatusAsync(first.Write())).ShouldBe(200);
        _issuer.Introspection = """{"active":false}""";

        (await StatusAsync(second.Write())).ShouldBe(401);
    }

    [Fact]
    [Trait("Advisory", "CVE-2025-26620")]
    public async Task CVE_2025_26620_Each_of_many_at_a_time_gets_the_answer_about_its_own_token()
    {
        var gate = new TaskCompletionSource();
        _issuer.Gate = gate.Task;
        _issuer.IntrospectionOf = form => (_api.Token with { Change = ("sub", form.Split('=', '&')[1]) }).WriteAnswer();
        var tokens = Enumerable.Range(10, 40).Select(number => $"at_{number}").ToArray();
        var waiting = tokens.Concat(tokens).Select(token => _api.GetAsync($"Bearer {token}")).ToArray();
        gate.SetResult();

        var subjects = await Task.WhenAll((await Task.WhenAll(waiting)).Select(response => response.Content.ReadAsStringAsync()));

        subjects.Zip(tokens.Concat(tokens)).ShouldAllBe(pair => pair.First.Contains($"\"subject\":\"{pair.Second}\"", StringComparison.Ordinal));
        _issuer.Questions.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Asks_once_for_all_who_wait()
    {
        var gate = new TaskCompletionSource();
        _issuer.Gate = gate.Task;
        var waiting = Enumerable.Range(0, 20).Select(_ => StatusAsync(Reference)).ToArray();
        while (_issuer.Requests.IsEmpty)
        {
            await Task.Delay(5);
        }

        gate.SetResult();

        (await Task.WhenAll(waiting)).ShouldAllBe(status => status == 200);
        _issuer.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Says_to_come_back_while_the_issuer_is_away_and_nothing_is_known()
    {
        _issuer.Away = true;

        var response = await _api.GetAsync($"Bearer {Reference}");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        response.Headers.WwwAuthenticate.ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"SERVICE_UNAVAILABLE\"");
        _issuer.Away = false;
        _api.Time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(Reference)).ShouldBe(200);
    }

    [Fact]
    public async Task Goes_by_what_it_knows_while_the_issuer_is_away_and_no_longer()
    {
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Away = true;
        _api.Time.Advance(TimeSpan.FromSeconds(59));
        (await StatusAsync(Reference)).ShouldBe(200);

        _api.Time.Advance(TimeSpan.FromSeconds(1));
        (await StatusAsync(Reference)).ShouldBe(503);
    }

    [Fact]
    public async Task Lets_a_long_lived_token_in_only_when_the_issuer_answers()
    {
        (await _api.CallAsync(_api.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _issuer.Away = true;

        (await StatusAsync((_api.Token with { Life = TimeSpan.FromHours(1) }).Write())).ShouldBe(503);
        (await _api.CallAsync(_api.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Gives_up_on_an_issuer_that_hangs()
    {
        var never = new TaskCompletionSource();
        await using var api = await ResourceApi.StartAsync(_issuer, options => options.IntrospectionSecret = Secret, timeout: TimeSpan.FromMilliseconds(200));
        _issuer.Gate = never.Task;

        (await api.GetAsync($"Bearer {Reference}")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    // RFC 7662 §2.3, and the provider counts failed attempts.
    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Is_silent_for_a_while_when_the_issuer_does_not_know_it(HttpStatusCode status)
    {
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Status = status;
        (await StatusAsync(Reference + "1")).ShouldBe(503);
        (await StatusAsync(Reference + "2")).ShouldBe(503);
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Questions.Count.ShouldBe(2);

        _issuer.Status = HttpStatusCode.OK;
        _api.Time.Advance(TimeSpan.FromSeconds(5));
        (await StatusAsync(Reference + "2")).ShouldBe(200);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Takes_no_failure_for_an_answer(HttpStatusCode status)
    {
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Status = status;

        (await StatusAsync(Reference + "1")).ShouldBe(503);
    }

    [Theory]
    [InlineData("\"introspection_endpoint\":\"http://issuer.example/introspect\"")]
    [InlineData("\"introspection_endpoint\":\"/introspect\"")]
    [InlineData("\"introspection_endpoint\":7")]
    [InlineData("\"x\":1")]
    public async Task Shows_its_secret_to_nobody_when_the_metadata_names_no_acceptable_address(string member)
    {
        _issuer.Metadata = $$"""{"issuer":"{{FakeIssuer.Identifier}}","jwks_uri":"{{FakeIssuer.Identifier}}/jwks",{{member}}}""";

        (await StatusAsync(Reference)).ShouldBe(503);
        _issuer.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Shows_its_secret_to_nobody_when_the_metadata_is_anothers()
    {
        _issuer.Metadata = _issuer.Metadata.Replace("\"issuer\":\"https://issuer.example\"", "\"issuer\":\"https://attacker.example\"", StringComparison.Ordinal);

        (await StatusAsync(Reference)).ShouldBe(503);
        _issuer.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeps_the_address_while_the_metadata_cannot_be_read()
    {
        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Metadata = "away";
        _api.Time.Advance(TimeSpan.FromMinutes(10));
        _issuer.Introspection = _api.Token.WriteAnswer();

        (await StatusAsync(Reference)).ShouldBe(200);
        _issuer.Requests.Count(request => request.RequestUri!.AbsolutePath == "/.well-known/openid-configuration").ShouldBe(2);
    }

    [Fact]
    public async Task Writes_neither_the_token_nor_its_secret_into_the_log()
    {
        await StatusAsync(Reference);
        _issuer.Introspection = """{"active":false}""";
        await StatusAsync(Reference + "1");
        _issuer.Status = HttpStatusCode.Unauthorized;
        await StatusAsync(Reference + "2");

        var log = string.Join('\n', _api.Lines.Lines);
        log.ShouldContain("An access token was refused: inactive");
        log.ShouldContain("The issuer answers 401");
        log.ShouldNotContain(Reference);
        log.ShouldNotContain(Secret);
        log.ShouldNotContain(Convert.ToBase64String(Encoding.ASCII.GetBytes($"members:{Secret}")));
    }

    private async Task<int> StatusAsync(string token) => (int)(await _api.GetAsync($"Bearer {token}")).StatusCode;
}
