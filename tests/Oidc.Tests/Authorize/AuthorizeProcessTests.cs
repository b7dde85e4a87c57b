namespace Oidc.Tests;

/// <summary>From a valid request and a session to a code: when the person is asked, when nobody may be, and what every answer carries.</summary>
public sealed class AuthorizeProcessTests : IDisposable
{
    private readonly TestProvider _provider = new();

    private DateTimeOffset Now => _provider.Time.Now;

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Answers_a_signed_in_person_with_a_code_the_state_and_the_issuer()
    {
        var answer = await AuthorizeAsync(Flow.Authorize);

        answer.Location!.ShouldStartWith("https://app.example/callback?");
        answer.Redirect.Keys.ShouldBe(["code", "state", "iss"]);
        answer.Redirect["state"].ShouldBe(Flow.State);
        answer.Redirect["iss"].ShouldBe(TestProvider.Issuer);
        answer.Redirect["code"].ShouldMatch("^ac_[A-Za-z0-9_-]{43}$");
        _provider.Store.RoundTrips.ShouldBe(1);
    }

    [Fact]
    public async Task Draws_another_code_each_time() =>
        (await _provider.CodeAsync()).ShouldNotBe(await _provider.CodeAsync());

    // FAPI 2.0 and RFC 6749 §4.1.2: what was not sent is not returned.
    [Fact]
    public async Task Returns_no_state_when_none_was_sent() => (await AuthorizeAsync(Flow.Authorize.Without("state"))).Redirect.Keys.ShouldBe(["code", "iss"]);

    // RFC 9207 §2.
    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("scope", "unknown", "invalid_scope")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("resource", "urn:other", "invalid_target")]
    public async Task Names_the_issuer_and_returns_the_state_in_errors_too(string name, string value, string error)
    {
        var answer = await AuthorizeAsync(Flow.Authorize.With(name, value));

        answer.Redirect.Keys.ShouldBe(["error", "error_description", "state", "iss"]);
        answer.Redirect["error"].ShouldBe(error);
        answer.Redirect["state"].ShouldBe(Flow.State);
        answer.Redirect["iss"].ShouldBe(TestProvider.Issuer);
        _provider.Store.CodeCount.ShouldBe(0);
    }

    [Fact]
    public async Task Keeps_the_query_of_the_redirect_URI()
    {
        var answer = await AuthorizeAsync(Flow.AuthorizeWeb);

        answer.Redirect.Keys.ShouldBe(["tenant", "code", "state", "iss"]);
        answer.Redirect["tenant"].ShouldBe("7");
    }

    [Fact]
    public async Task Sends_a_person_without_session_to_sign_in()
    {
        _provider.Browser.Session = null;

        await AuthorizeAsync(Flow.Authorize);

        _provider.Browser.SentToSignIn!.Client.Id.ShouldBe("spa");
        _provider.Store.CodeCount.ShouldBe(0);
    }

    [Fact]
    public async Task Shows_the_sign_in_page_nothing_of_a_bad_request()
    {
        _provider.Browser.Session = null;

        await AuthorizeAsync(Flow.Authorize.Without("scope"));

        _provider.Browser.SentToSignIn.ShouldBeNull();
    }

    // OpenID Connect Core §3.1.2.1.
    [Fact]
    public async Task Shows_nobody_anything_with_prompt_none()
    {
        _provider.Browser.Session = null;

        var answer = await AuthorizeAsync(Flow.Authorize.With("prompt", "none"));

        answer.Redirect["error"].ShouldBe("login_required");
        answer.Redirect["state"].ShouldBe(Flow.State);
        _provider.Browser.SentToSignIn.ShouldBeNull();
    }

    [Fact]
    public async Task Answers_prompt_none_silently_while_the_person_is_signed_in() =>
        (await AuthorizeAsync(Flow.Authorize.With("prompt", "none"))).Redirect.ShouldContainKey("code");

    [Fact]
    public async Task Asks_again_with_prompt_login_and_answers_once_that_is_done()
    {
        _provider.Time.Advance(TimeSpan.FromSeconds(1));

        await AuthorizeAsync(Flow.Authorize.With("prompt", "login"));
        _provider.Browser.SentToSignIn.ShouldNotBeNull();

        _provider.Time.Advance(TimeSpan.FromSeconds(5));
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Alice, Now, "session-2");
        (await ContinueAsync()).Redirect.ShouldContainKey("code");
    }

    [Fact]
    public async Task Asks_again_when_the_person_comes_back_without_having_signed_in_again()
    {
        _provider.Time.Advance(TimeSpan.FromMinutes(1));
        await AuthorizeAsync(Flow.Authorize.With("prompt", "login"));

        (await ContinueAsync()).Location.ShouldBe("/log-in");
        _provider.Store.CodeCount.ShouldBe(0);
    }

    // auth_time has whole seconds, and so may have the session that comes back.
    [Fact]
    public async Task A_sign_in_of_the_same_second_ends_the_asking()
    {
        _provider.Time.Advance(TimeSpan.FromSeconds(60.7));
        await AuthorizeAsync(Flow.Authorize.With("prompt", "login"));

        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Alice, DateTimeOffset.FromUnixTimeSeconds(Now.ToUnixTimeSeconds()), "session-2");
        (await ContinueAsync()).Redirect.ShouldContainKey("code");
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(1, 1, false)]
    [InlineData(600, 10_000, false)]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, true)]
    public async Task Asks_again_when_the_sign_in_is_older_than_the_maximum_age(int age, int maxAge, bool asks)
    {
        _provider.Time.Advance(TimeSpan.FromSeconds(age));

        await AuthorizeAsync(Flow.Authorize.With("max_age", maxAge.ToString()));

        (_provider.Browser.SentToSignIn is not null).ShouldBe(asks);
    }

    [Fact]
    public async Task Says_login_required_when_the_sign_in_is_too_old_and_nobody_may_be_asked()
    {
        _provider.Time.Advance(TimeSpan.FromSeconds(2));

        (await AuthorizeAsync(Flow.Authorize.With("prompt", "none").With("max_age", "1"))).Redirect["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task A_maximum_age_of_zero_is_met_by_signing_in_again()
    {
        _provider.Time.Advance(TimeSpan.FromSeconds(1));
        await AuthorizeAsync(Flow.Authorize.With("max_age", "0"));

        _provider.Time.Advance(TimeSpan.FromSeconds(20));
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Alice, Now, "session-2");
        _provider.Time.Advance(TimeSpan.FromSeconds(2));
        (await ContinueAsync()).Redirect.ShouldContainKey("code");
    }

    // OpenID Connect Core §3.1.2.1: id_token_hint. The answer is about that person or it is an error.
    [Fact]
    public async Task Answers_when_the_hinted_person_is_signed_in()
    {
        var hint = await HintAsync();

        (await AuthorizeAsync(Flow.Authorize.With("prompt", "none").With("id_token_hint", hint))).Redirect.ShouldContainKey("code");
    }

    [Fact]
    public async Task Answers_by_a_hint_that_has_expired_long_ago()
    {
        var hint = await HintAsync();
        _provider.Time.Advance(TimeSpan.FromDays(7));

        (await AuthorizeAsync(Flow.Authorize.With("prompt", "none").With("id_token_hint", hint))).Redirect.ShouldContainKey("code");
    }

    [Fact]
    public async Task Says_login_required_when_somebody_else_than_the_hinted_person_is_signed_in()
    {
        var hint = await HintAsync();
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, Now, "session-2");

        (await AuthorizeAsync(Flow.Authorize.With("prompt", "none").With("id_token_hint", hint))).Redirect["error"].ShouldBe("login_required");
        _provider.Store.CodeCount.ShouldBe(1);
    }

    [Fact]
    public async Task Asks_somebody_else_than_the_hinted_person_to_sign_in()
    {
        var hint = await HintAsync();
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, Now, "session-2");

        await AuthorizeAsync(Flow.Authorize.With("id_token_hint", hint));
        _provider.Browser.SentToSignIn.ShouldNotBeNull();

        // Bob signs in again: still not the one whom the client means.
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, Now, "session-3");
        (await ContinueAsync()).Redirect["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task Refuses_a_hint_that_is_no_ID_token_of_ours()
    {
        var tokens = await _provider.SignInAsync();

        foreach (var hint in new[] { "x", tokens.AccessToken.Text, tokens.IdToken.Text[..^4] + "AAAA" })
        {
            (await AuthorizeAsync(Flow.Authorize.With("id_token_hint", hint))).Redirect["error"].ShouldBe("invalid_request");
        }
    }

    [Fact]
    public async Task Binds_the_code_to_everything_the_request_and_the_session_said()
    {
        var code = await _provider.CodeAsync(Flow.Authorize.And("resource", "urn:identity:resource:members"));

        var stored = (await _provider.Store.FindCodeAsync(Handle.Hash(code), CancellationToken.None))!.Code;
        stored.RedirectUri.ShouldBe("https://app.example/callback");
        stored.CodeChallenge.ShouldBe(Flow.Challenge);
        stored.Nonce.ShouldBe("a-nonce");
        stored.ExpiresAt.ShouldBe(Now.AddSeconds(60));
        stored.Grant.ShouldSatisfyAllConditions(
            grant => grant.ClientId.ShouldBe("spa"),
            grant => grant.Subject.ShouldBe(TestPeople.Alice.Subject),
            grant => grant.SessionId.ShouldBe("session-1"),
            grant => grant.Scopes.ShouldBe(["openid", "offline_access", "members"]),
            grant => grant.Resources.ShouldBe(["urn:identity:resource:members"]),
            grant => grant.AuthenticatedAt.ShouldBe(Now),
            grant => grant.Acr.ShouldBe(Acr.OneFactor),
            grant => grant.Amr.ShouldBe(["pwd"]));
    }

    private async Task<string> HintAsync() => (await _provider.SignInAsync()).IdToken.Text;

    private Task<Answer> AuthorizeAsync(Form form) => _provider.GetAsync(Endpoints.Authorize, form);

    private Task<Answer> ContinueAsync() => _provider.GetAsync(Endpoints.AuthorizeContinue);
}
