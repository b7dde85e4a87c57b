namespace Oidc.Tests;

/// <summary>An authorization request that passes, and what is said to each that does not.</summary>
public sealed class AuthorizeChecksTests
{
    private readonly TestConfiguration _configuration = new();

    [Fact]
    public void Accepts_a_request_that_is_all_it_should_be()
    {
        var request = Accept(Flow.Authorize);

        request.Client.Id.ShouldBe("spa");
        request.Target.ShouldBe(new ResponseTarget("https://app.example/callback", ResponseMode.Query, Flow.State));
        request.Scopes.ShouldBe(["openid", "offline_access", "members"]);
        request.Nonce.ShouldBe("a-nonce");
        request.CodeChallenge.ShouldBe(Flow.Challenge);
        request.Prompts.ShouldBeEmpty();
        request.MaxAge.ShouldBeNull();
        request.Resources.ShouldBeEmpty();
    }

    // OpenID Connect Core §3.1.2.1: parameters that are not understood are ignored, and so are hints.
    [Theory]
    [InlineData("extra", "foobar")]
    [InlineData("display", "popup")]
    [InlineData("ui_locales", "zh-CN en")]
    [InlineData("claims_locales", "se")]
    [InlineData("acr_values", "1 2")]
    [InlineData("login_hint", "alice@example.com")]
    [InlineData("claims", """{"userinfo":{"name":{"essential":true}}}""")]
    [InlineData("code", "ac_x")]
    [InlineData("client_secret", "x")]
    public void Ignores_what_it_does_not_need(string name, string value) => Accept(Flow.Authorize.With(name, value));

    [Theory]
    [InlineData("state")]
    [InlineData("nonce")]
    public void Needs_neither_state_nor_nonce(string name) => Accept(Flow.Authorize.Without(name));

    // RFC 6749 §3.1.
    [Fact]
    public void Takes_the_parameters_in_any_order() => Accept(Flow.Authorize.Reversed());

    [Fact]
    public void Shows_that_the_client_is_missing() => Shown(Flow.Authorize.Without("client_id")).ShouldBe("The parameter client_id is missing.");

    [Theory]
    [InlineData("unknown")]
    [InlineData("SPA")]
    [InlineData("spa ")]
    [InlineData("spa\r\nSet-Cookie: a=b")]
    public void Shows_that_the_client_is_unknown(string clientId) => Shown(Flow.Authorize.With("client_id", clientId)).ShouldBe("This application is not known here.");

    [Fact]
    public void Shows_a_disabled_client_as_an_unknown_one()
    {
        _configuration.Put(TestConfiguration.Spa with { Enabled = false });

        Shown(Flow.Authorize).ShouldBe("This application is not known here.");
    }

    [Fact]
    public void Shows_that_the_redirect_URI_is_missing_even_when_only_one_is_registered() =>
        Shown(Flow.Authorize.Without("redirect_uri")).ShouldBe("The parameter redirect_uri is missing.");

    [Fact]
    public void Shows_a_client_without_redirect_URIs_none() =>
        Shown(Flow.Authorize.With("client_id", "machine")).ShouldBe("The redirect_uri is not registered for this application.");

    [Theory]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    public void Shows_that_client_or_redirect_URI_is_doubled_or_too_long(string name)
    {
        Shown(Flow.Authorize.And(name, Flow.Authorize[name])).ShouldBe($"The parameter {name} was sent twice.");
        Shown(Flow.Authorize.With(name, new string('x', 513))).ShouldBe($"The parameter {name} is too long.");
    }

    [Fact]
    public void Shows_a_doubled_redirect_URI_whatever_else_is_wrong() =>
        Check(Flow.Authorize.With("scope", new string('x', 513)).And("redirect_uri", "https://attacker.example/")).Target.ShouldBeNull();

    [Theory]
    [InlineData("scope", 512)]
    [InlineData("nonce", 2_048)]
    [InlineData("claims", 4_096)]
    public void Redirects_the_news_of_a_parameter_that_is_too_long(string name, int limit)
    {
        var (error, target) = Redirected(Flow.Authorize.With(name, new string('x', limit + 1)));

        error.ShouldBe(("invalid_request", $"The parameter {name} is too long."));
        target.State.ShouldBe(Flow.State);
    }

    // The client could not tell which of two states is its own, and would not get back a cut one.
    [Fact]
    public void Answers_without_state_when_the_state_itself_is_wrong()
    {
        Redirected(Flow.Authorize.And("state", "another")).Target.State.ShouldBeNull();
        Redirected(Flow.Authorize.With("state", new string('x', 2_049))).Target.State.ShouldBeNull();
        Redirected(Flow.Authorize.And("nonce", "another")).Target.State.ShouldBe(Flow.State);
    }

    [Fact]
    public void Takes_a_state_and_a_nonce_of_full_length()
    {
        var longest = new string('x', 2_048);

        var request = Accept(Flow.Authorize.With("state", longest).With("nonce", longest));

        (request.Target.State, request.Nonce).ShouldBe((longest, longest));
    }

    // RFC 6749 §4.1.2.1.
    [Fact]
    public void Refuses_a_missing_response_type() =>
        Redirected(Flow.Authorize.Without("response_type")).Error.ShouldBe(("invalid_request", "The parameter response_type is missing."));

    [Theory]
    [InlineData("token")]
    [InlineData("id_token")]
    [InlineData("code id_token")]
    [InlineData("code token")]
    [InlineData("code id_token token")]
    [InlineData("code code")]
    [InlineData("CODE")]
    [InlineData("code ")]
    [InlineData("none")]
    public void Knows_no_response_type_but_code(string type) => Redirected(Flow.Authorize.With("response_type", type)).Error.Code.ShouldBe("unsupported_response_type");

    [Fact]
    public void Refuses_a_client_that_did_not_register_the_code_grant()
    {
        _configuration.Put(TestConfiguration.Spa with { GrantTypes = TestConfiguration.Set("refresh_token") });

        Redirected(Flow.Authorize).Error.Code.ShouldBe("unauthorized_client");
    }

    [Theory]
    [InlineData("query")]
    [InlineData("form_post")]
    public void Answers_in_the_mode_that_is_asked_for(string mode) => Accept(Flow.Authorize.With("response_mode", mode)).Target.ResponseMode.ShouldBe(mode);

    [Theory]
    [InlineData("fragment")]
    [InlineData("query.jwt")]
    [InlineData("web_message")]
    [InlineData("Query")]
    [InlineData("<script>")]
    public void Refuses_another_response_mode_in_the_query(string mode)
    {
        var (error, target) = Redirected(Flow.Authorize.With("response_mode", mode));

        error.ShouldBe(("invalid_request", "This response_mode is not supported."));
        target.ResponseMode.ShouldBe(ResponseMode.Query);
    }

    [Fact]
    public void Refuses_in_the_mode_that_is_asked_for() =>
        Redirected(Flow.Authorize.With("response_mode", "form_post").Without("scope")).Target.ResponseMode.ShouldBe(ResponseMode.FormPost);

    // OpenID Connect Core §6.
    [Theory]
    [InlineData("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://app.example/request.jwt", "request_uri_not_supported")]
    [InlineData("request_uri", "urn:ietf:params:oauth:request_uri:x", "request_uri_not_supported")]
    public void Says_that_it_reads_no_request_objects(string name, string value, string error) => Redirected(Flow.Authorize.With(name, value)).Error.Code.ShouldBe(error);

    // RFC 7636 §4.4.1 and RFC 9700 §2.1.1.
    [Fact]
    public void Refuses_a_public_client_without_PKCE() =>
        Redirected(Flow.Authorize.Without("code_challenge", "code_challenge_method")).Error.ShouldBe(("invalid_request", "The parameter code_challenge is missing."));

    [Fact]
    public void Refuses_a_public_client_without_PKCE_whatever_is_configured()
    {
        _configuration.Put(TestConfiguration.Spa with { RequirePkce = false });

        Redirected(Flow.Authorize.Without("code_challenge", "code_challenge_method")).Error.Code.ShouldBe("invalid_request");
    }

    [Fact]
    public void Lets_a_confidential_client_leave_PKCE_out_unless_it_registered_it()
    {
        Accept(Flow.AuthorizeWeb).CodeChallenge.ShouldBeNull();

        _configuration.Put(TestConfiguration.Web with { RequirePkce = true });
        Redirected(Flow.AuthorizeWeb).Error.Code.ShouldBe("invalid_request");
    }

    [Theory]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge_method", "s256")]
    [InlineData("code_challenge_method", "S512")]
    [InlineData("code_challenge_method", "")]
    [InlineData("code_challenge", "short")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    [InlineData("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c\n")]
    [InlineData("code_challenge", "é9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    public void Takes_no_challenge_but_one_of_method_S256(string name, string value)
    {
        Redirected(Flow.Authorize.With(name, value)).Error.ShouldBe(("invalid_request", "The code_challenge must be of method S256."));
        Redirected(Flow.AuthorizeWeb.With("code_challenge", Flow.Challenge).With("code_challenge_method", "S256").With(name, value)).Error.Code.ShouldBe("invalid_request");
    }

    [Fact]
    public void Refuses_a_challenge_method_without_a_challenge() =>
        Redirected(Flow.AuthorizeWeb.With("code_challenge_method", "S256")).Error.Code.ShouldBe("invalid_request");

    // RFC 6749 §3.3.
    [Fact]
    public void Refuses_a_request_without_scope() => Redirected(Flow.Authorize.Without("scope")).Error.ShouldBe(("invalid_scope", "The parameter scope is missing."));

    [Theory]
    [InlineData(" ")]
    [InlineData("openid unknown")]
    [InlineData("openid leads.write")]
    [InlineData("openid identity.admin")]
    [InlineData("openid OPENID")]
    [InlineData("openid\tprofile")]
    [InlineData("openid,profile")]
    [InlineData("openid \"")]
    [InlineData("openid \\")]
    [InlineData("openid é")]
    [InlineData("*")]
    public void Refuses_a_scope_that_the_client_does_not_hold(string scope) => Redirected(Flow.Authorize.With("scope", scope)).Error.Code.ShouldBe("invalid_scope");

    [Theory]
    [InlineData("members openid")]
    [InlineData("  openid   members ")]
    [InlineData("openid members openid members")]
    public void Takes_scopes_in_any_order_each_once(string scope) => Accept(Flow.Authorize.With("scope", scope)).Scopes.Order().ShouldBe(["members", "openid"]);

    [Fact]
    public void Gives_an_authorization_that_is_not_OpenID_Connect() => Accept(Flow.Authorize.With("scope", "members")).Scopes.ShouldBe(["members"]);

    // RFC 8707 §2.1.
    [Fact]
    public void Takes_resources_whose_scopes_are_asked_for()
    {
        var form = Flow.Authorize.With("scope", "openid members leads.read").And("resource", "urn:identity:resource:members").And("resource", "urn:identity:resource:smart-cs");

        Accept(form).Resources.Select(resource => resource.Name).ShouldBe(["members", "smart-cs"]);
        Accept(form.And("resource", "urn:identity:resource:members")).Resources.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("members")]
    [InlineData("urn:identity:resource:Members")]
    [InlineData("urn:identity:resource:members#")]
    [InlineData("urn:identity:resource:")]
    [InlineData("urn:identity:resource:smart-cs")]
    [InlineData("https://login.example")]
    public void Refuses_a_resource_that_is_unknown_or_of_which_no_scope_is_asked(string resource)
    {
        Redirected(Flow.Authorize.And("resource", resource)).Error.Code.ShouldBe("invalid_target");
        Redirected(Flow.Authorize.And("resource", "urn:identity:resource:members").And("resource", resource)).Error.Code.ShouldBe("invalid_target");
    }

    // OpenID Connect Core §3.1.2.1.
    [Theory]
    [InlineData("none", new[] { "none" })]
    [InlineData("login", new[] { "login" })]
    [InlineData("login consent", new[] { "login", "consent" })]
    [InlineData("select_account", new[] { "select_account" })]
    public void Reads_the_prompt(string prompt, string[] read) => Accept(Flow.Authorize.With("prompt", prompt)).Prompts.ShouldBe(read);

    [Theory]
    [InlineData("none login")]
    [InlineData("login none")]
    [InlineData("none none")]
    [InlineData("None")]
    [InlineData("create")]
    [InlineData("login;consent")]
    public void Refuses_a_prompt_it_does_not_know_or_that_contradicts_itself(string prompt) =>
        Redirected(Flow.Authorize.With("prompt", prompt)).Error.Code.ShouldBe("invalid_request");

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("0010", 10)]
    [InlineData("2147483647", int.MaxValue)]
    public void Reads_the_maximum_age_in_seconds(string maxAge, int seconds) => Accept(Flow.Authorize.With("max_age", maxAge)).MaxAge.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("0x10")]
    [InlineData("1,000")]
    [InlineData("١")]
    [InlineData("2147483648")]
    [InlineData("soon")]
    public void Refuses_a_maximum_age_that_is_no_number_of_seconds(string maxAge) => Redirected(Flow.Authorize.With("max_age", maxAge)).Error.Code.ShouldBe("invalid_request");

    private AuthorizeRequest Accept(Form form)
    {
        var check = Check(form);
        check.Error.ShouldBeNull();
        return check.Request.ShouldNotBeNull();
    }

    private ((string Code, string Description) Error, ResponseTarget Target) Redirected(Form form)
    {
        var check = Check(form);
        check.Request.ShouldBeNull();
        check.Error.ShouldNotBeNull().MayRedirect.ShouldBeTrue(check.Error!.Description);
        return ((check.Error.Code, check.Error.Description), check.Target.ShouldNotBeNull());
    }

    private string Shown(Form form)
    {
        var check = Check(form);
        check.Target.ShouldBeNull();
        check.Error.ShouldNotBeNull().MayRedirect.ShouldBeFalse();
        return check.Error!.Description;
    }

    private AuthorizeCheck Check(Form form) => AuthorizeChecks.Check(form.Read(), _configuration.Current);
}
