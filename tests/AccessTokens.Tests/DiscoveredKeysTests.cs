using System.Net;
using System.Net.Http.Headers;
using Jose;

namespace AccessTokens.Tests;

/// <summary>How the issuer's keys are found, kept and read again.</summary>
public sealed class DiscoveredKeysTests : IAsyncLifetime
{
    private readonly FakeIssuer _issuer = new();
    private readonly SigningKey _second = SigningKey.Create(Algorithms.ES256);
    private ResourceApi _api = null!;

    public async Task InitializeAsync() => _api = await ResourceApi.StartAsync(_issuer);

    public async Task DisposeAsync()
    {
        _second.Dispose();
        await _api.DisposeAsync();
    }

    [Fact]
    public async Task Reads_the_keys_once_while_they_are_fresh()
    {
        await ShouldAnswerAsync(200, 200);
        _api.Time.Advance(TimeSpan.FromMinutes(14));
        await ShouldAnswerAsync(200);

        _issuer.Requests.Select(request => request.RequestUri!.AbsoluteUri)
            .ShouldBe(["https://issuer.example/.well-known/openid-configuration", "https://issuer.example/jwks"]);
    }

    [Fact]
    public async Task Reads_nothing_for_a_request_without_a_token()
    {
        await _api.GetAsync(null);

        _issuer.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reads_them_again_when_their_max_age_is_over()
    {
        await ShouldAnswerAsync(200);
        _issuer.Publish(_second);
        _api.Time.Advance(TimeSpan.FromMinutes(15));

        await ShouldAnswerAsync(401);
        (await _api.CallAsync(_api.Token with { Key = _second })).StatusCode.ShouldBe(HttpStatusCode.OK);
        _issuer.KeyReads.ShouldBe(2);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(30, 1)]
    [InlineData(120, 2)]
    [InlineData(1_000_000_000, 24 * 60)]
    public async Task Bounds_the_max_age_it_is_told(int seconds, int minutes)
    {
        _issuer.CacheControl = new CacheControlHeaderValue { MaxAge = TimeSpan.FromSeconds(seconds) };
        await ShouldAnswerAsync(200);

        _api.Time.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        await ShouldAnswerAsync(200);
        _issuer.KeyReads.ShouldBe(1);

        _api.Time.Advance(TimeSpan.FromSeconds(1));
        await ShouldAnswerAsync(200);
        _issuer.KeyReads.ShouldBe(2);
    }

    // RFC 9111 §4.2.3: time spent in a cache on the way counts.
    [Fact]
    public async Task Takes_the_age_of_an_answer_off_its_max_age()
    {
        _issuer.Age = TimeSpan.FromMinutes(12);
        await ShouldAnswerAsync(200);
        _api.Time.Advance(TimeSpan.FromMinutes(3));
        await ShouldAnswerAsync(200);

        _issuer.KeyReads.ShouldBe(2);
    }

    [Fact]
    public async Task Keeps_keys_ten_minutes_when_it_is_told_nothing()
    {
        _issuer.CacheControl = null;
        await ShouldAnswerAsync(200);
        _api.Time.Advance(TimeSpan.FromMinutes(10));
        await ShouldAnswerAsync(200);

        _issuer.KeyReads.ShouldBe(2);
    }

    [Fact]
    public async Task Reads_them_again_for_an_unknown_key()
    {
        await ShouldAnswerAsync(200);
        _issuer.Publish(FakeIssuer.Key, _second);
        _api.Time.Advance(TimeSpan.FromMinutes(1));

        (await _api.CallAsync(_api.Token with { Key = _second })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Reads_them_at_most_once_a_minute_however_many_unknown_keys_are_named()
    {
        await ShouldAnswerAsync(200);
        for (var second = 0; second < 120; second += 10)
        {
            (await _api.CallAsync(_api.Token with { Key = _second })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            _api.Time.Advance(TimeSpan.FromSeconds(10));
        }

        _issuer.KeyReads.ShouldBe(2);
    }

    [Fact]
    public async Task Reads_them_once_for_all_who_wait()
    {
        var gate = new TaskCompletionSource();
        _issuer.Gate = gate.Task;
        var waiting = Enumerable.Range(0, 20).Select(_ => _api.CallAsync(_api.Token)).ToArray();
        while (_issuer.Requests.IsEmpty)
        {
            await Task.Delay(5);
        }

        gate.SetResult();

        (await Task.WhenAll(waiting)).ShouldAllBe(response => response.StatusCode == HttpStatusCode.OK);
        _issuer.KeyReads.ShouldBe(1);
    }

    [Fact]
    public async Task Goes_on_with_its_keys_while_the_issuer_is_away()
    {
        await ShouldAnswerAsync(200);
        _issuer.Away = true;
        _api.Time.Advance(TimeSpan.FromDays(3));
        await ShouldAnswerAsync(200, 200, 200);

        // One attempt a minute, not one a request.
        _issuer.Requests.Count.ShouldBe(3);
        _api.Time.Advance(TimeSpan.FromMinutes(1));
        await ShouldAnswerAsync(200);
        _issuer.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Does_not_hang_with_an_issuer_that_hangs()
    {
        await ShouldAnswerAsync(200);
        var never = new TaskCompletionSource();
        _issuer.Gate = never.Task;
        _api.Time.Advance(TimeSpan.FromDays(1));

        await ShouldAnswerAsync(200);
        never.Task.IsCompleted.ShouldBeFalse();
        never.SetResult();
    }

    [Fact]
    public async Task Says_to_come_back_while_it_has_never_had_keys()
    {
        _issuer.Away = true;

        var response = await _api.CallAsync(_api.Token);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
        response.Headers.WwwAuthenticate.ShouldBeEmpty();
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"code\":\"SERVICE_UNAVAILABLE\"");
    }

    [Fact]
    public async Task Finds_its_first_keys_by_itself_once_the_issuer_is_there()
    {
        _issuer.Away = true;
        await ShouldAnswerAsync(503, 503);
        _issuer.Requests.Count.ShouldBe(1);
        _issuer.Away = false;
        await ShouldAnswerAsync(503);
        _api.Time.Advance(TimeSpan.FromSeconds(5));

        await ShouldAnswerAsync(200);
    }

    public static TheoryData<string> BadMetadata =>
    [
        "", "[]", "{}", "not json",
        """{"issuer":"https://attacker.example","jwks_uri":"https://issuer.example/jwks"}""", // Discovery 1.0 §4.3
        """{"issuer":"https://issuer.example/","jwks_uri":"https://issuer.example/jwks"}""",
        """{"issuer":"https://issuer.example"}""",
        """{"issuer":"https://issuer.example","jwks_uri":"/jwks"}""",
        """{"issuer":"https://issuer.example","jwks_uri":"http://issuer.example/jwks"}""",
        """{"issuer":"https://issuer.example","jwks_uri":"file:///etc/passwd"}""",
        """{"issuer":"https://issuer.example","issuer":"https://issuer.example","jwks_uri":"https://issuer.example/jwks"}""",
    ];

    [Theory]
    [MemberData(nameof(BadMetadata))]
    public async Task Takes_no_keys_through_metadata_that_is_not_the_issuers(string metadata)
    {
        _issuer.Metadata = metadata;

        await ShouldAnswerAsync(503);
        _issuer.KeyReads.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AA"}]}""")]
    public async Task Keeps_the_earlier_keys_when_the_new_set_is_unusable(string jwks)
    {
        await ShouldAnswerAsync(200);
        _issuer.Jwks = jwks;
        _api.Time.Advance(TimeSpan.FromMinutes(15));

        await ShouldAnswerAsync(200);
        _issuer.KeyReads.ShouldBe(2);
    }

    [Fact]
    public async Task Does_not_take_the_body_of_a_failure_for_keys()
    {
        _issuer.Status = HttpStatusCode.InternalServerError;

        await ShouldAnswerAsync(503);
    }

    [Fact]
    public async Task Reads_metadata_where_it_is_told_to()
    {
        var address = new Uri("http://provider.internal/.well-known/openid-configuration");
        await using var api = await ResourceApi.StartAsync(_issuer, options => options.MetadataAddress = address);

        (await api.CallAsync(api.Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        _issuer.Requests.First().RequestUri!.Host.ShouldBe("provider.internal");
    }

    private async Task ShouldAnswerAsync(params int[] statuses)
    {
        foreach (var status in statuses)
        {
            ((int)(await _api.CallAsync(_api.Token)).StatusCode).ShouldBe(status);
        }
    }
}
