namespace Oidc.Tests;

/// <summary>OpenID Connect Core §3.1.2.4: a client of somebody else gets what the person allowed, and an error when they did not.</summary>
public sealed class ConsentTests : IDisposable
{
    private static readonly Form Partner = Form.Of(
        ("client_id", "partner"), ("redirect_uri", "https://partner.example/callback"), ("response_type", "code"), ("scope", "openid email"), ("state", Flow.State),
        ("code_challenge", Flow.Challenge), ("code_challenge_method", "S256"));

    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Asks_and_answers_once_it_was_allowed()
    {
        await AuthorizeAsync(Partner);
        _provider.Browser.Asked.ShouldBe(Question.Consent);
        _provider.Store.CodeCount.ShouldBe(0);

        Allow("openid", "email");

        (await ContinueAsync()).Redirect.Keys.ShouldBe(["code", "state", "iss"]);
        _provider.Browser.Finished.ShouldBe(1);
        (await AuthorizeAsync(Partner)).Redirect.ShouldContainKey("code");
    }

    // RFC 6749 §4.1.2.1, RFC 9207 §2.
    [Fact]
    public async Task Tells_the_client_that_the_person_refused()
    {
        await AuthorizeAsync(Partner);
        _provider.Browser.Answer(answers => answers with { Denied = true });

        var answer = await ContinueAsync();

        answer.Location!.ShouldStartWith("https://partner.example/callback?");
        answer.Redirect.Keys.ShouldBe(["error", "error_description", "state", "iss"]);
        answer.Redirect["error"].ShouldBe("access_denied");
        answer.Redirect["state"].ShouldBe(Flow.State);
        _provider.Store.CodeCount.ShouldBe(0);
    }

    // Core §3.1.2.6.
    [Fact]
    public async Task Says_consent_required_when_nobody_may_be_asked()
    {
        var answer = await AuthorizeAsync(Partner.With("prompt", "none"));

        answer.Redirect["error"].ShouldBe("consent_required");
        answer.Redirect["state"].ShouldBe(Flow.State);
        _provider.Browser.Asked.ShouldBeNull();
    }

    // The store has the last word: between reading a consent and storing the code it may be withdrawn.
    [Theory]
    [InlineData("", null)]
    [InlineData("none", "consent_required")]
    public async Task Issues_nothing_on_a_consent_that_was_withdrawn_meanwhile(string prompt, string? error)
    {
        Allow("openid", "email");
        _provider.Store.WithdrawsBeforeCodes = true;

        var answer = await AuthorizeAsync(Partner.With("prompt", prompt));

        _provider.Store.CodeCount.ShouldBe(0);
        if (error is null)
        {
            _provider.Browser.Asked.ShouldBe(Question.Consent);
        }
        else
        {
            answer.Redirect["error"].ShouldBe(error);
        }
    }

    [Fact]
    public async Task Nobody_allows_for_somebody_else()
    {
        Allow("openid", "email");
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, _provider.Time.Now, "session-2");

        await AuthorizeAsync(Partner);

        _provider.Browser.Asked.ShouldBe(Question.Consent);
    }

    [Theory]
    [InlineData("request", "request_not_supported")]
    [InlineData("request_uri", "request_uri_not_supported")]
    [InlineData("registration", "registration_not_supported")]
    public async Task Says_of_what_it_does_not_support_that_it_does_not(string parameter, string error) =>
        (await AuthorizeAsync(Partner.With(parameter, "https://partner.example/x"))).Redirect["error"].ShouldBe(error);

    [Theory]
    [InlineData("page")]
    [InlineData("popup")]
    [InlineData("touch")]
    [InlineData("wap")]
    [InlineData("hologram")]
    public async Task Takes_any_display(string display)
    {
        Allow("openid", "email");

        (await AuthorizeAsync(Partner.With("display", display).With("claims_locales", "se").With("acr_values", "unheard-of"))).Redirect.ShouldContainKey("code");
    }

    [Theory]
    [InlineData("none consent")]
    [InlineData("select_account none")]
    [InlineData("none none")]
    [InlineData("create")]
    public async Task Refuses_a_prompt_that_contradicts_itself_or_is_unknown(string prompt) =>
        (await AuthorizeAsync(Partner.With("prompt", prompt))).Redirect["error"].ShouldBe("invalid_request");

    [Fact]
    public async Task Shows_errors_in_the_language_that_was_asked_for()
    {
        await _provider.PostAsync(Endpoints.Authorize, Partner.With("redirect_uri", "https://attacker.example/").With("ui_locales", "zh-CN"));

        _provider.Browser.ShownLocales.ShouldBe("zh-CN");
    }

    private void Allow(params string[] scopes) => _provider.Store.Put(TestPeople.Alice.Subject, "partner", new Consent(scopes, []));

    private Task<Answer> AuthorizeAsync(Form form) => _provider.GetAsync(Endpoints.Authorize, form);

    private Task<Answer> ContinueAsync() => _provider.GetAsync(Endpoints.AuthorizeContinue);
}
