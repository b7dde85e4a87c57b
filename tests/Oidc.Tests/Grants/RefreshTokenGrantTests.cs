namespace Oidc.Tests;

/// <summary>Refresh tokens: rotation, the honest retry, the thief, and everything else that is refused.</summary>
public sealed class RefreshTokenGrantTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Gives_a_public_client_a_new_token_in_one_round_trip()
    {
        var first = await _provider.SignInAsync();
        var before = _provider.Store.RoundTrips;

        var second = await RefreshAsync(first);

        (_provider.Store.RoundTrips - before).ShouldBe(1);
        second.RefreshToken.ShouldNotBe(first.RefreshToken);
        second.RefreshToken.ShouldMatch("^rt_[A-Za-z0-9_-]{43}$");
        second.AccessToken.Text.ShouldNotBe(first.AccessToken.Text);
        (await RefreshAsync(second)).RefreshToken.ShouldNotBe(second.RefreshToken);
    }

    [Fact]
    public async Task Leaves_a_confidential_client_its_token()
    {
        var first = await _provider.SignInToWebAsync();

        for (var i = 0; i < 3; i++)
        {
            (await RefreshWebAsync(first)).RefreshToken.ShouldBe(first.RefreshToken);
        }
    }

    [Fact]
    public async Task Rotates_for_a_confidential_client_that_registered_it()
    {
        _provider.Configuration.Put(TestConfiguration.Web with { RotateRefreshTokens = true });
        var first = await _provider.SignInToWebAsync();

        (await RefreshWebAsync(first)).RefreshToken.ShouldNotBe(first.RefreshToken);
    }

    // OpenID Connect Core §12.2: the same person by the same sign-in; issued now; no nonce of an old request.
    [Fact]
    public async Task Gives_an_ID_token_of_the_same_sign_in()
    {
        var first = await _provider.SignInAsync();
        _provider.Time.Advance(TimeSpan.FromMinutes(9));

        var second = (await RefreshAsync(first)).IdToken;

        foreach (var claim in new[] { "iss", "sub", "aud", "auth_time", "acr", "amr", "sid" })
        {
            second[claim].ShouldBe(first.IdToken[claim]);
        }

        second["iat"].ShouldBe(_provider.Time.Now.ToUnixTimeSeconds().ToString());
        second["nonce"].ShouldBeNull();
    }

    // RFC 9700 §4.14.2, softened: a lost answer or a second tab gets the very same successor.
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Gives_an_honest_retry_the_same_successor(int seconds)
    {
        var first = await _provider.SignInAsync();
        var second = await RefreshAsync(first);
        _provider.Time.Advance(TimeSpan.FromSeconds(seconds));

        (await RefreshAsync(first)).RefreshToken.ShouldBe(second.RefreshToken);
        (await RefreshAsync(second)).RefreshToken.ShouldNotBe(second.RefreshToken);
        _provider.Store.Audit.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gives_two_hundred_at_the_same_time_one_successor()
    {
        var first = await _provider.SignInAsync();

        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => RefreshAsync(first))));

        tokens.Select(token => token.RefreshToken).Distinct().ShouldHaveSingleItem();
        _provider.Store.RefreshTokenCount.ShouldBe(2);
    }

    [Fact]
    public async Task Refuses_a_retry_once_the_successor_was_used_and_keeps_the_family()
    {
        var first = await _provider.SignInAsync();
        var third = await RefreshAsync(await RefreshAsync(first));

        await RefusedAsync(first);

        _provider.Store.Audit.ShouldBe(["refresh reuse"]);
        (await RefreshAsync(third)).HasRefreshToken.ShouldBeTrue();
    }

    [Theory]
    [InlineData("scope", "openid")]
    [InlineData("resource", "urn:identity:resource:members")]
    public async Task Refuses_a_retry_that_asks_for_something_else_and_keeps_the_family(string name, string value)
    {
        var first = await _provider.SignInAsync();
        var second = await RefreshAsync(first);

        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken).And(name, value))).ShouldRefuse("invalid_grant");

        _provider.Store.Audit.ShouldBe(["refresh reuse"]);
        (await RefreshAsync(second)).HasRefreshToken.ShouldBeTrue();
    }

    [Fact]
    public async Task Revokes_every_grant_of_the_session_when_a_rotated_token_comes_back_late()
    {
        var first = await _provider.SignInAsync();
        var second = await RefreshAsync(first);
        var other = await _provider.SignInToWebAsync();
        _provider.Time.Advance(TimeSpan.FromSeconds(31));

        await RefusedAsync(first);

        await RefusedAsync(second);
        (await _provider.UserInfoAsync(second)).Status.ShouldBe(401);
        (await _provider.UserInfoAsync(other)).Status.ShouldBe(401);
        _provider.Store.Audit.ShouldBe(["refresh reuse, session's grants revoked"]);
        _provider.Browser.Session.ShouldNotBeNull();
    }

    [Fact]
    public async Task Leaves_other_sessions_of_the_person_alone()
    {
        var first = await _provider.SignInAsync();
        await RefreshAsync(first);
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Alice, _provider.Time.Now, "session-2");
        var elsewhere = await _provider.SignInAsync();
        _provider.Time.Advance(TimeSpan.FromMinutes(1));

        await RefusedAsync(first);

        (await _provider.UserInfoAsync(elsewhere)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Gives_no_retry_after_the_grant_was_revoked_or_the_session_ended()
    {
        var first = await _provider.SignInAsync();
        await RefreshAsync(first);
        await _provider.Store.EndAsync("session-1", _provider.Time.Now, CancellationToken.None);

        await RefusedAsync(first);
        _provider.Store.Audit.ShouldBeEmpty();
    }

    // RFC 6749 §6: and the other client changes nothing.
    [Fact]
    public async Task Refuses_a_token_issued_to_another_client()
    {
        var first = await _provider.SignInAsync();

        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken).Without("client_id"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");

        (await RefreshAsync(first)).HasRefreshToken.ShouldBeTrue();
        _provider.Time.Advance(TimeSpan.FromMinutes(1));
        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken).Without("client_id"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");
        _provider.Store.Audit.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dies_when_it_is_not_used_for_a_fortnight()
    {
        var web = await _provider.SignInToWebAsync();
        _provider.Time.Advance(TimeSpan.FromDays(14) - TimeSpan.FromSeconds(1));
        await RefreshWebAsync(web);

        _provider.Time.Advance(TimeSpan.FromDays(14));
        (await _provider.TokenAsync(Flow.Refresh(web.RefreshToken, "web"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Dies_after_ninety_days_however_often_it_is_used()
    {
        var tokens = await _provider.SignInAsync();
        for (var day = 10; day < 90; day += 10)
        {
            _provider.Time.Advance(TimeSpan.FromDays(10));
            tokens = await RefreshAsync(tokens);
        }

        _provider.Time.Advance(TimeSpan.FromDays(10));
        await RefusedAsync(tokens);
    }

    // RFC 6749 §6.
    [Fact]
    public async Task Gives_less_when_less_is_asked_for_and_the_whole_again_later()
    {
        var first = await _provider.SignInAsync("openid offline_access profile members leads.read");

        var second = await RefreshAsync(first, ("scope", "openid members"));
        second.Scope.ShouldBe("openid members");
        second.AccessToken["aud"].ShouldBe("members");

        (await RefreshAsync(second)).Scope.ShouldBe("openid offline_access profile members leads.read");
    }

    [Fact]
    public async Task Gives_no_ID_token_when_the_narrower_scope_leaves_openid_out() =>
        (await RefreshAsync(await _provider.SignInAsync(), ("scope", "members"))).HasIdToken.ShouldBeFalse();

    [Theory]
    [InlineData("scope", "openid profile", "invalid_scope")]
    [InlineData("scope", "unknown", "invalid_scope")]
    [InlineData("resource", "urn:identity:resource:smart-cs", "invalid_target")]
    [InlineData("resource", "urn:unknown", "invalid_target")]
    public async Task Refuses_more_than_was_granted_and_leaves_the_token_as_it_is(string name, string value, string error)
    {
        var first = await _provider.SignInAsync();

        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken).And(name, value))).ShouldRefuse(error);

        (await RefreshAsync(first)).HasRefreshToken.ShouldBeTrue();
        _provider.Store.RefreshTokenCount.ShouldBe(2);
    }

    // Refusing only after the rotation would cost an honest client its session at the next try.
    [Fact]
    public async Task Refuses_a_resource_outside_the_narrower_scope_and_leaves_the_token_as_it_is()
    {
        var first = await _provider.SignInAsync();

        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken).And("scope", "openid").And("resource", "urn:identity:resource:members"))).ShouldRefuse("invalid_target");

        _provider.Store.RefreshTokenCount.ShouldBe(1);
    }

    [Fact]
    public async Task Refuses_a_resource_whose_scopes_the_client_has_lost_and_leaves_the_token_as_it_is()
    {
        var first = await _provider.SignInAsync();
        _provider.Configuration.Put(TestConfiguration.Spa with { Scopes = TestConfiguration.Set("openid", "offline_access") });

        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken).And("resource", "urn:identity:resource:members"))).ShouldRefuse("invalid_target");

        _provider.Store.RefreshTokenCount.ShouldBe(1);
    }

    // RFC 8707 §2.2: what the authorization request named bounds every token made from it.
    [Fact]
    public async Task Refuses_a_resource_that_the_authorization_request_did_not_name()
    {
        var authorize = Flow.Authorize.With("scope", "openid offline_access members leads.read").And("resource", "urn:identity:resource:members");
        var first = await _provider.TokensAsync(Flow.Redeem(await _provider.CodeAsync(authorize)));

        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken).And("resource", "urn:identity:resource:smart-cs"))).ShouldRefuse("invalid_target");

        var second = await RefreshAsync(first);
        (second.AccessToken["aud"], second.Scope).ShouldBe(("members", "openid offline_access members"));
    }

    [Fact]
    public async Task Refuses_a_person_who_was_disabled_and_takes_them_back_when_enabled()
    {
        var first = await _provider.SignInAsync();
        _provider.Store.Put(TestPeople.Alice with { Enabled = false });
        await RefusedAsync(first);

        _provider.Store.Put(TestPeople.Alice);
        (await RefreshAsync(first)).HasRefreshToken.ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_a_retry_for_a_person_who_was_disabled()
    {
        var first = await _provider.SignInAsync();
        await RefreshAsync(first);
        _provider.Store.Put(TestPeople.Alice with { Enabled = false });

        await RefusedAsync(first);
    }

    [Fact]
    public async Task Refuses_a_client_that_was_disabled_or_lost_the_grant()
    {
        var first = await _provider.SignInAsync();

        _provider.Configuration.Put(TestConfiguration.Spa with { Enabled = false });
        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken))).ShouldRefuse("invalid_client", 401);

        _provider.Configuration.Put(TestConfiguration.Spa with { GrantTypes = TestConfiguration.Set("authorization_code") });
        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken))).ShouldRefuse("unauthorized_client");
    }

    [Fact]
    public async Task Asks_for_the_token_when_it_is_missing() => (await _provider.TokenAsync(Flow.Refresh("x").Without("refresh_token"))).ShouldRefuse("invalid_request");

    [Fact]
    public async Task Refuses_what_is_no_refresh_token_without_asking_the_store()
    {
        var tokens = await _provider.SignInAsync();
        var code = await _provider.CodeAsync();
        var before = _provider.Store.RoundTrips;

        foreach (var other in new[] { "x", "rt_", code, tokens.AccessToken.Text, tokens.IdToken.Text, tokens.RefreshToken + "x", tokens.RefreshToken.ToUpperInvariant(), new string('x', 16_384) })
        {
            (await _provider.TokenAsync(Flow.Refresh(other))).ShouldRefuse("invalid_grant");
        }

        (_provider.Store.RoundTrips - before).ShouldBe(0);
    }

    [Fact]
    public async Task Refuses_a_code_dressed_as_a_refresh_token() =>
        (await _provider.TokenAsync(Flow.Refresh(Handle.RefreshToken + (await _provider.CodeAsync())[3..]))).ShouldRefuse("invalid_grant");

    [Fact]
    public async Task Refuses_a_token_that_was_never_issued() => (await _provider.TokenAsync(Flow.Refresh(Handle.Create(Handle.RefreshToken)))).ShouldRefuse("invalid_grant");

    private Task<Tokens> RefreshAsync(Tokens tokens, params (string Name, string Value)[] more) =>
        _provider.TokensAsync(more.Aggregate(Flow.Refresh(tokens.RefreshToken), (form, pair) => form.And(pair.Name, pair.Value)));

    private Task<Tokens> RefreshWebAsync(Tokens tokens) => _provider.TokensAsync(Flow.Refresh(tokens.RefreshToken, "web"), Flow.WebCredentials);

    private async Task RefusedAsync(Tokens tokens) => (await _provider.TokenAsync(Flow.Refresh(tokens.RefreshToken))).ShouldRefuse("invalid_grant");
}
