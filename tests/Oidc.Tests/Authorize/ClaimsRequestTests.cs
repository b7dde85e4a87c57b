namespace Oidc.Tests;

/// <summary>OpenID Connect Core §5.5: the claims parameter, read strictly and honoured within what the client may ever ask for.</summary>
public sealed class ClaimsRequestTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("\"userinfo\"")]
    [InlineData("{}{}")]
    [InlineData("""{"userinfo":[]}""")]
    [InlineData("""{"userinfo":null}""")]
    [InlineData("""{"userinfo":{"name":true}}""")]
    [InlineData("""{"userinfo":{"name":[]}}""")]
    [InlineData("""{"userinfo":{"name":{"essential":"true"}}}""")]
    [InlineData("""{"userinfo":{"name":{"essential":null}}}""")]
    [InlineData("""{"userinfo":{"name":{"values":"x"}}}""")]
    [InlineData("""{"userinfo":{"name":{"values":[]}}}""")]
    [InlineData("""{"userinfo":{"name":{"value":"x","values":["x"]}}}""")]
    [InlineData("""{"userinfo":{"name":null,"name":null}}""")]
    [InlineData("""{"userinfo":{},"userinfo":{}}""")]
    [InlineData("""{"id_token":{"sub":{"value":"\ud800"}}}""")]
    [InlineData("""{"id_token":{"\ud800":null}}""")]
    [InlineData("""{"userinfo":{"name":{"value":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}}}""")]
    [InlineData("""{"userinfo":{"name":null},}""")]
    [InlineData("""{"userinfo":{"name":null}/* a comment */}""")]
    public void Refuses_what_is_not_of_its_form(string claims) => ClaimsRequest.Read(claims, TestConfiguration.Partner).ShouldBeNull();

    [Fact]
    public async Task Says_so_to_the_client()
    {
        var answer = await _provider.GetAsync(Endpoints.Authorize, Flow.Authorize.With("claims", "not json"));

        answer.Redirect["error"].ShouldBe("invalid_request");
        answer.Redirect["error_description"].ShouldBe("The parameter claims is malformed.");
    }

    [Fact]
    public async Task Refuses_more_than_4096_characters()
    {
        var claims = $$"""{"userinfo":{"name":null},"padding":"{{new string('x', 4_096)}}"}""";

        (await _provider.GetAsync(Endpoints.Authorize, Flow.Authorize.With("claims", claims))).Redirect["error_description"].ShouldBe("The parameter claims is too long.");
    }

    // Without the scope openid it is a parameter like any other that is not understood.
    [Fact]
    public async Task Ignores_it_where_nothing_is_OpenID_Connect() =>
        (await _provider.GetAsync(Endpoints.Authorize, Flow.Authorize.With("scope", "members").With("claims", "not json"))).Redirect.ShouldContainKey("code");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"userinfo":{},"id_token":{}}""")]
    [InlineData("""{"verified_claims":[1,2],"userinfo":{"name":{"essential":true,"purpose":"to greet you"}}}""")]
    [InlineData("""{"userinfo":{"given_name":{"essential":true},"email":{"value":"a@example.com"},"http://example.info/claims/groups":null}}""")]
    public void Takes_what_the_specification_allows(string claims) => ClaimsRequest.Read(claims, TestConfiguration.Partner).ShouldNotBeNull();

    [Fact]
    public void Leaves_out_what_is_unknown_and_what_the_client_may_never_ask_for()
    {
        var read = ClaimsRequest.Read("""{"userinfo":{"name":null,"address":null,"shoe_size":{"essential":true}},"id_token":{"email":null,"acr":null,"auth_time":null}}""", TestConfiguration.Partner)!;

        read.UserInfo.ShouldBe(["name"]);
        read.IdToken.ShouldBe(["email"]);
    }

    [Theory]
    [InlineData("""{"id_token":{"sub":{"value":"a"}}}""", "a")]
    [InlineData("""{"userinfo":{"sub":{"values":["a","b"]}}}""", "a b")]
    [InlineData("""{"id_token":{"sub":{"values":["a","b"]}},"userinfo":{"sub":{"value":"b"}}}""", "b")]
    [InlineData("""{"id_token":{"sub":{"value":"a"}},"userinfo":{"sub":{"value":"b"}}}""", "")]
    [InlineData("""{"id_token":{"sub":{"value":7}}}""", "7")]
    public void Reads_whom_the_answer_must_be_about(string claims, string subjects) =>
        string.Join(' ', ClaimsRequest.Read(claims, TestConfiguration.Partner)!.Subjects!).ShouldBe(subjects);

    [Fact]
    public void An_essential_sub_without_a_value_is_about_anybody() =>
        ClaimsRequest.Read("""{"id_token":{"sub":{"essential":true}}}""", TestConfiguration.Partner)!.Subjects.ShouldBeNull();

    [Fact]
    public async Task Userinfo_tells_a_claim_asked_for_by_itself_and_no_more_of_its_scope()
    {
        var tokens = await SignInAsync("""{"userinfo":{"name":{"essential":true},"email":null}}""");

        var json = (await _provider.UserInfoAsync(tokens)).Json;
        json.EnumerateObject().Select(claim => claim.Name).ShouldBe(["sub", "name", "email"], ignoreOrder: true);
        tokens.IdToken.Claims.TryGetProperty("name", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_ID_token_carries_a_claim_asked_for_there_and_userinfo_does_not()
    {
        var tokens = await SignInAsync("""{"id_token":{"email":null,"email_verified":null,"birthdate":null,"address":null}}""");

        tokens.IdToken.Claims.GetProperty("email").GetString().ShouldBe("alice@example.com");
        tokens.IdToken.Claims.GetProperty("email_verified").GetBoolean().ShouldBeTrue();
        tokens.IdToken.Claims.GetProperty("birthdate").GetString().ShouldBe("1990-01-01");
        tokens.IdToken.Claims.GetProperty("address").GetProperty("country").GetString().ShouldBe("CN");
        (await _provider.UserInfoAsync(tokens)).Json.EnumerateObject().Select(claim => claim.Name).ShouldBe(["sub"]);
    }

    // Core §12.2: a refreshed ID token says the same.
    [Fact]
    public async Task A_refresh_keeps_what_was_asked_for()
    {
        var tokens = await SignInAsync("""{"id_token":{"email":null},"userinfo":{"name":null}}""");

        var refreshed = await _provider.TokensAsync(Flow.Refresh(tokens.RefreshToken));

        refreshed.IdToken.Claims.GetProperty("email").GetString().ShouldBe("alice@example.com");
        (await _provider.UserInfoAsync(refreshed)).Json.TryGetProperty("name", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task Tells_nothing_of_a_scope_that_was_taken_from_the_client_since()
    {
        var tokens = await SignInAsync("""{"id_token":{"email":null},"userinfo":{"email":null,"name":null}}""");
        _provider.Configuration.Put(TestConfiguration.Spa with { Scopes = TestConfiguration.Set("openid", "profile", "offline_access") });

        (await _provider.UserInfoAsync(tokens)).Json.EnumerateObject().Select(claim => claim.Name).ShouldBe(["sub", "name"], ignoreOrder: true);
        (await _provider.TokensAsync(Flow.Refresh(tokens.RefreshToken))).IdToken.Claims.TryGetProperty("email", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Leaves_out_what_the_person_does_not_have()
    {
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, _provider.Time.Now);

        var tokens = await SignInAsync("""{"id_token":{"email":{"essential":true}},"userinfo":{"name":{"essential":true},"email_verified":null}}""");

        tokens.IdToken.Claims.TryGetProperty("email", out _).ShouldBeFalse();
        (await _provider.UserInfoAsync(tokens)).Json.EnumerateObject().Select(claim => claim.Name).ShouldBe(["sub"]);
    }

    private async Task<Tokens> SignInAsync(string claims) =>
        await _provider.TokensAsync(Flow.Redeem(await _provider.CodeAsync(Flow.Authorize.With("scope", "openid offline_access").With("claims", claims))));
}
