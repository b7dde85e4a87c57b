namespace Oidc.Tests;

/// <summary>A code that is redeemed, and everything that keeps it from being.</summary>
public sealed class AuthorizationCodeGrantTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Gives_tokens_for_a_code_in_two_round_trips()
    {
        var code = await _provider.CodeAsync();
        var before = _provider.Store.RoundTrips;

        var tokens = await _provider.TokensAsync(Flow.Redeem(code));

        (_provider.Store.RoundTrips - before).ShouldBe(2);
        tokens.AccessToken["sub"].ShouldBe(TestPeople.Alice.Subject);
        tokens.IdToken["nonce"].ShouldBe("a-nonce");
        tokens.RefreshToken.ShouldMatch("^rt_[A-Za-z0-9_-]{43}$");
        tokens.Scope.ShouldBe("openid offline_access members");
        _provider.Store.Audit.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gives_tokens_to_a_confidential_client_without_PKCE() =>
        (await _provider.SignInToWebAsync()).AccessToken["client_id"].ShouldBe("web");

    // RFC 6749 §4.1.2: used more than once, it takes what it gave along.
    [Fact]
    public async Task Refuses_a_code_the_second_time_and_revokes_what_the_first_gave()
    {
        var code = await _provider.CodeAsync();
        var tokens = await _provider.TokensAsync(Flow.Redeem(code));

        (await RedeemAsync(code)).ShouldRefuse("invalid_grant");

        (await _provider.UserInfoAsync(tokens)).Status.ShouldBe(401);
        (await _provider.TokenAsync(Flow.Refresh(tokens.RefreshToken))).ShouldRefuse("invalid_grant");
        _provider.Store.Audit.ShouldBe(["code reuse"]);
    }

    [Fact]
    public async Task Revokes_also_when_the_second_use_comes_long_after()
    {
        var code = await _provider.CodeAsync();
        var tokens = await _provider.TokensAsync(Flow.Redeem(code));
        _provider.Time.Advance(TimeSpan.FromDays(1));

        (await RedeemAsync(code)).ShouldRefuse("invalid_grant");
        (await _provider.TokenAsync(Flow.Refresh(tokens.RefreshToken))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Gives_tokens_once_to_two_hundred_at_the_same_time()
    {
        var code = await _provider.CodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => RedeemAsync(code))));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Error == "invalid_grant");
        _provider.Store.RefreshTokenCount.ShouldBe(1);
    }

    [Theory]
    [InlineData(59, 200)]
    [InlineData(60, 400)]
    [InlineData(3_600, 400)]
    public async Task Lets_a_code_live_for_a_minute(int seconds, int status)
    {
        var code = await _provider.CodeAsync();
        _provider.Time.Advance(TimeSpan.FromSeconds(seconds));

        (await RedeemAsync(code)).Status.ShouldBe(status);
    }

    // RFC 6749 §4.1.3: and the other client changes nothing, so that it cannot spoil what is not its own.
    [Fact]
    public async Task Refuses_a_code_issued_to_another_client()
    {
        var code = await _provider.CodeAsync();

        (await _provider.TokenAsync(Flow.Redeem(code).Without("client_id"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");
        (await RedeemAsync(code)).Status.ShouldBe(200);
        (await _provider.TokenAsync(Flow.Redeem(code).Without("client_id"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");
        _provider.Store.Audit.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("redirect_uri", "https://app.example/callback/")]
    [InlineData("redirect_uri", "https://web.example/callback?tenant=7")]
    [InlineData("redirect_uri", "")]
    [InlineData("code_verifier", "")]
    [InlineData("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK")]
    [InlineData("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX")]
    [InlineData("code_verifier", Flow.Challenge)]
    [InlineData("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXé")]
    public async Task Refuses_another_redirect_URI_or_verifier_and_leaves_the_code_as_it_is(string name, string value)
    {
        var code = await _provider.CodeAsync();

        (await _provider.TokenAsync(Flow.Redeem(code).With(name, value))).ShouldRefuse("invalid_grant");
        (await RedeemAsync(code)).Status.ShouldBe(200);
    }

    // RFC 9700 §4.8.2: a challenge that an attacker took out of the authorization request is missed here.
    [Fact]
    public async Task Refuses_a_verifier_that_no_challenge_announced() =>
        (await _provider.TokenAsync(Flow.RedeemWeb(await _provider.CodeAsync(Flow.AuthorizeWeb)).With("code_verifier", Flow.Verifier), Flow.WebCredentials))
            .ShouldRefuse("invalid_grant");

    [Fact]
    public async Task Refuses_a_confidential_client_that_leaves_out_the_verifier_it_announced()
    {
        var code = await _provider.CodeAsync(Flow.AuthorizeWeb.With("code_challenge", Flow.Challenge).With("code_challenge_method", "S256"));

        (await _provider.TokenAsync(Flow.RedeemWeb(code), Flow.WebCredentials)).ShouldRefuse("invalid_grant");
        (await _provider.TokenAsync(Flow.RedeemWeb(code).With("code_verifier", Flow.Verifier), Flow.WebCredentials)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Asks_for_the_code_when_it_is_missing() => (await _provider.TokenAsync(Flow.Redeem("x").Without("code"))).ShouldRefuse("invalid_request");

    [Fact]
    public async Task Refuses_what_is_no_code_without_asking_the_store()
    {
        var tokens = await _provider.SignInAsync();
        var code = await _provider.CodeAsync();
        var before = _provider.Store.RoundTrips;

        foreach (var other in new[] { "x", "ac_", tokens.RefreshToken, tokens.AccessToken.Text[..512], code + "x", code[..^1], "AC_" + code[3..], "ac_" + new string('é', 43), " " + code })
        {
            (await RedeemAsync(other)).ShouldRefuse("invalid_grant");
        }

        (_provider.Store.RoundTrips - before).ShouldBe(0);
    }

    // A handle of one kind is refused everywhere else, whatever is written before it.
    [Fact]
    public async Task Refuses_a_refresh_token_dressed_as_a_code() =>
        (await RedeemAsync(Handle.AuthorizationCode + (await _provider.SignInAsync()).RefreshToken[3..])).ShouldRefuse("invalid_grant");

    [Fact]
    public async Task Refuses_a_code_that_was_never_issued() => (await RedeemAsync(Handle.Create(Handle.AuthorizationCode))).ShouldRefuse("invalid_grant");

    [Fact]
    public async Task Refuses_when_the_client_was_disabled_or_deleted_in_between()
    {
        var code = await _provider.CodeAsync();

        _provider.Configuration.Put(TestConfiguration.Spa with { Enabled = false });
        (await RedeemAsync(code)).ShouldRefuse("invalid_client", 401);

        _provider.Configuration.Delete("spa");
        (await RedeemAsync(code)).ShouldRefuse("invalid_client", 401);
    }

    [Fact]
    public async Task Refuses_when_the_grant_was_taken_from_the_client_in_between()
    {
        var code = await _provider.CodeAsync();
        _provider.Configuration.Put(TestConfiguration.Spa with { GrantTypes = TestConfiguration.Set("refresh_token") });

        (await RedeemAsync(code)).ShouldRefuse("unauthorized_client");
    }

    // RFC 8707 §2.2.
    [Fact]
    public async Task Refuses_a_resource_that_the_authorization_request_did_not_name()
    {
        var form = Flow.Redeem(await _provider.CodeAsync(Flow.Authorize.With("scope", "openid members leads.read").And("resource", "urn:identity:resource:members")));

        (await _provider.TokenAsync(form.And("resource", "urn:identity:resource:smart-cs"))).ShouldRefuse("invalid_target");
        (await _provider.TokenAsync(form.And("resource", "urn:identity:resource:members").And("resource", "urn:identity:resource:smart-cs"))).ShouldRefuse("invalid_target");
        (await _provider.TokensAsync(form.And("resource", "urn:identity:resource:members"))).AccessToken["aud"].ShouldBe("members");
    }

    [Fact]
    public async Task Lets_the_token_request_name_a_resource_when_the_authorization_request_named_none()
    {
        var form = Flow.Redeem(await _provider.CodeAsync(Flow.Authorize.With("scope", "openid members leads.read")));

        (await _provider.TokensAsync(form.And("resource", "urn:identity:resource:smart-cs"))).AccessToken["aud"].ShouldBe("smart-cs");
    }

    // RFC 6749 §4.1.3 knows no scope here.
    [Fact]
    public async Task Grants_what_was_authorized_whatever_scope_the_token_request_names() =>
        (await _provider.TokensAsync(Flow.Redeem(await _provider.CodeAsync()).With("scope", "openid"))).Scope.ShouldBe("openid offline_access members");

    private Task<Answer> RedeemAsync(string code) => _provider.TokenAsync(Flow.Redeem(code));
}
