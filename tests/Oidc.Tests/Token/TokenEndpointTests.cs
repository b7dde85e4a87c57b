using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Oidc.Tests;

/// <summary>The token endpoint over HTTP: what comes before any grant is asked, and what every answer looks like.</summary>
public sealed class TokenEndpointTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    // RFC 6749 §5.1.
    [Fact]
    public async Task Answers_with_JSON_that_nobody_caches()
    {
        var answer = await _provider.TokenAsync(Flow.Redeem(await _provider.CodeAsync()));

        answer.Status.ShouldBe(200);
        answer.Headers.ContentType.ToString().ShouldBe("application/json");
        answer.Headers.ContentLength.ShouldBe(Encoding.UTF8.GetByteCount(answer.Body));
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
        answer.Headers.Pragma.ToString().ShouldBe("no-cache");
        answer.Headers.XContentTypeOptions.ToString().ShouldBe("nosniff");
        answer.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"]);
        answer.Text("token_type").ShouldBe("Bearer");
        answer.Json.GetProperty("expires_in").GetInt32().ShouldBe(600);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Serves_POST_only(string method)
    {
        var answer = await _provider.SendAsync(method, Endpoints.Token, request => request.QueryString = new QueryString("?grant_type=client_credentials&client_id=machine"));

        answer.ShouldRefuse("invalid_request", 405);
        answer.Headers.Allow.ToString().ShouldBe("POST");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", 200)]
    [InlineData("application/x-www-form-urlencoded; charset=UTF-8", 200)]
    [InlineData("Application/X-WWW-Form-URLEncoded ;charset=utf-8", 200)]
    [InlineData("application/json", 400)]
    [InlineData("application/x-www-form-urlencoded, application/json", 400)]
    [InlineData("application/x-www-form-urlencodedx", 400)]
    [InlineData("multipart/form-data; boundary=x", 400)]
    [InlineData("text/plain", 400)]
    [InlineData("", 400)]
    [InlineData(null, 400)]
    public async Task Reads_forms_only(string? contentType, int status)
    {
        var answer = await _provider.SendAsync("POST", Endpoints.Token, request =>
        {
            TestProvider.WriteForm(request, Flow.ClientCredentials.ToString(), contentType!);
            request.Headers.Authorization = Flow.MachineCredentials;
        });

        answer.Status.ShouldBe(status);
        if (status != 200)
        {
            answer.ShouldRefuse("invalid_request");
        }
    }

    // RFC 6749 §3.2 and §2.3.1: never in the address.
    [Fact]
    public async Task Reads_nothing_from_the_query()
    {
        var answer = await _provider.SendAsync("POST", Endpoints.Token, request =>
        {
            request.QueryString = new QueryString("?" + Flow.ClientCredentials);
            TestProvider.WriteForm(request, "");
            request.Headers.Authorization = Flow.MachineCredentials;
        });

        answer.ShouldRefuse("invalid_request");
        answer.Text("error_description").ShouldBe("The parameter grant_type is missing.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refuses_a_body_over_64_KiB_whether_or_not_it_says_its_length(bool announced)
    {
        async Task<Answer> SendAsync(int length) => await _provider.SendAsync("POST", Endpoints.Token, request =>
        {
            TestProvider.WriteForm(request, Flow.ClientCredentials.ToString().PadRight(length, '&'));
            request.ContentLength = announced ? length : null;
            request.Headers.Authorization = Flow.MachineCredentials;
        });

        (await SendAsync(64 * 1_024)).Status.ShouldBe(200);
        (await SendAsync(64 * 1_024 + 1)).ShouldRefuse("invalid_request", 413);
    }

    [Fact]
    public async Task Reads_a_body_that_arrives_byte_by_byte()
    {
        var answer = await _provider.SendAsync("POST", Endpoints.Token, request =>
        {
            TestProvider.WriteForm(request, Flow.ClientCredentials.ToString());
            request.Body = new TricklingStream(request.Body);
            request.ContentLength = null;
            request.Headers.Authorization = Flow.MachineCredentials;
        });

        answer.Status.ShouldBe(200);
    }

    // A client that breaks off or garbles the framing is told its own mistake; it is none of ours.
    [Theory]
    [InlineData(400)]
    [InlineData(408)]
    [InlineData(413)]
    public Task Answers_a_body_the_server_cannot_read_with_the_status_the_server_gives(int status) =>
        AnswersAsync(new BadHttpRequestException("Bad chunk size data.", status), status);

    // What Kestrel throws for a chunk size of more digits than a number has, and for trailers that are not ASCII.
    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(InvalidOperationException))]
    public Task Answers_a_body_the_server_cannot_read_with_400_when_the_server_gives_no_status(Type exception) =>
        AnswersAsync((Exception)Activator.CreateInstance(exception)!, 400);

    [Theory]
    [InlineData("client_id")]
    [InlineData("grant_type")]
    [InlineData("code")]
    [InlineData("code_verifier")]
    [InlineData("redirect_uri")]
    [InlineData("unknown")]
    public async Task Refuses_a_parameter_that_is_doubled_or_too_long_and_spends_nothing(string name)
    {
        var form = Flow.Redeem(await _provider.CodeAsync());

        (await _provider.TokenAsync(form.And(name, "x").And(name, "x"))).ShouldRefuse("invalid_request");
        (await _provider.TokenAsync(form.With(name, new string('x', 513)))).ShouldRefuse("invalid_request");
        (await _provider.TokenAsync(form)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("x=%FF")]
    [InlineData("x=%00")]
    [InlineData("x=é")]
    public async Task Refuses_a_body_that_is_badly_encoded(string garbage) => (await _provider.TokenAsync(Flow.Redeem("ac_x").AndRaw(garbage))).ShouldRefuse("invalid_request");

    // RFC 6749 §5.2.
    [Fact]
    public async Task Challenges_a_client_that_failed_with_the_header()
    {
        var answer = await _provider.TokenAsync(Flow.ClientCredentials, TestProvider.Basic("machine", "wrong"));

        answer.ShouldRefuse("invalid_client", 401);
        answer.Headers.WWWAuthenticate.ToString().ShouldStartWith("Basic realm=");
    }

    // A browser shows its own password dialogue to whoever is challenged.
    [Fact]
    public async Task Challenges_no_client_that_failed_without_the_header()
    {
        var answer = await _provider.TokenAsync(Flow.Redeem("ac_x").With("client_id", "unknown"));

        answer.ShouldRefuse("invalid_client", 401);
        answer.Headers.WWWAuthenticate.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_two_Authorization_headers()
    {
        var answer = await _provider.SendAsync("POST", Endpoints.Token, request =>
        {
            TestProvider.WriteForm(request, Flow.ClientCredentials.ToString());
            request.Headers.Authorization = new([Flow.MachineCredentials, Flow.MachineCredentials]);
        });

        answer.ShouldRefuse("invalid_client", 401);
    }

    [Fact]
    public async Task Judges_the_client_before_anything_it_asks_for() =>
        (await _provider.TokenAsync(Form.Of(("grant_type", "unknown"), ("client_id", "web"), ("scope", "unknown")))).ShouldRefuse("invalid_client", 401);

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("AUTHORIZATION_CODE")]
    [InlineData("authorization_code ")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer")]
    public async Task Knows_no_other_grant_type(string type) =>
        (await _provider.TokenAsync(Form.Of(("grant_type", type), ("client_id", "spa"), ("username", "alice"), ("password", "x")))).ShouldRefuse("unsupported_grant_type");

    [Fact]
    public async Task Refuses_a_grant_that_the_client_did_not_register()
    {
        (await _provider.TokenAsync(Flow.ClientCredentials.With("client_id", "spa"))).ShouldRefuse("unauthorized_client");
        (await _provider.TokenAsync(Flow.Redeem("ac_x").Without("client_id"), Flow.MachineCredentials)).ShouldRefuse("unauthorized_client");
    }

    [Theory]
    [InlineData("scope", "unknown", "invalid_scope")]
    [InlineData("scope", " ", "invalid_scope")]
    [InlineData("scope", "members.read \"", "invalid_scope")]
    [InlineData("scope", "identity.admin", "invalid_scope")]
    [InlineData("resource", "members", "invalid_target")]
    [InlineData("resource", "urn:identity:resource:unknown", "invalid_target")]
    public async Task Judges_scope_and_resource_before_any_grant(string name, string value, string error) =>
        (await _provider.TokenAsync(Flow.ClientCredentials.With(name, value), Flow.MachineCredentials)).ShouldRefuse(error);

    [Fact]
    public async Task Asks_to_come_back_while_the_store_is_away()
    {
        var form = Flow.Redeem(await _provider.CodeAsync());
        _provider.Store.IsAway = true;

        var answer = await _provider.TokenAsync(form);

        answer.ShouldRefuse("temporarily_unavailable", 503);
        answer.Headers.RetryAfter.ToString().ShouldBe("5");
        _provider.Store.IsAway = false;
        (await _provider.TokenAsync(form)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Issues_to_a_client_alone_while_the_store_is_away()
    {
        _provider.Store.IsAway = true;

        (await _provider.TokenAsync(Flow.ClientCredentials, Flow.MachineCredentials)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Tells_of_a_failure_of_its_own_nothing_but_where_to_find_it()
    {
        using var provider = new TestProvider(services => services.AddSingleton<IGrant, ThrowingGrant>());
        provider.Configuration.Put(TestConfiguration.Spa with { GrantTypes = TestConfiguration.Set("urn:test:throws") });

        var answer = await provider.TokenAsync(Form.Of(("grant_type", "urn:test:throws"), ("client_id", "spa")));

        answer.ShouldRefuse("server_error", 500);
        answer.Text("error_description").ShouldBe("Something failed here. Please report request request-1.");
        provider.Log.Lines.ShouldContain(line => line.StartsWith("Error") && line.Contains(ThrowingGrant.Message));
    }

    [Fact]
    public async Task An_added_grant_comes_through_the_same_gates()
    {
        using var provider = new TestProvider(services => services.AddSingleton<IGrant, ThrowingGrant>());

        (await provider.TokenAsync(Form.Of(("grant_type", "urn:test:throws"), ("client_id", "spa")))).ShouldRefuse("unauthorized_client");
    }

    // Whatever stands in client_id before it is known may be a secret in the wrong place, or a line of a forged log.
    [Fact]
    public async Task Logs_no_client_that_it_does_not_know()
    {
        var token = (await _provider.SignInAsync()).RefreshToken;

        await _provider.TokenAsync(Flow.Redeem(token).With("client_id", token));
        await _provider.TokenAsync(Flow.Redeem("x").With("client_id", "x\nError: forged"));

        _provider.Log.Lines.ShouldNotContain(line => line.Contains(token) || line.Contains("forged"));
    }

    [Fact]
    public async Task Logs_who_was_refused_and_by_which_rule()
    {
        await _provider.TokenAsync(Flow.Redeem("ac_x"));

        _provider.Log.Lines.ShouldHaveSingleItem().ShouldContain("client spa refused with invalid_grant: no such code");
    }

    private async Task AnswersAsync(Exception exception, int status)
    {
        var answer = await _provider.SendAsync("POST", Endpoints.Token, request =>
        {
            TestProvider.WriteForm(request, "");
            request.ContentLength = null;
            request.Body = new BrokenStream(exception);
        });

        answer.ShouldRefuse("invalid_request", status);
        _provider.Log.Lines.ShouldNotContain(line => line.StartsWith("Error"));
    }

    private sealed class ThrowingGrant : IGrant
    {
        public const string Message = "a secret detail of the inside";

        public string Type => "urn:test:throws";

        public Task<GrantOutcome> DecideAsync(TokenRequest request, CancellationToken cancellation) => throw new InvalidOperationException(Message);
    }

    private sealed class TricklingStream(Stream inner) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);
    }

    private sealed class BrokenStream(Exception exception) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw exception;
    }
}
