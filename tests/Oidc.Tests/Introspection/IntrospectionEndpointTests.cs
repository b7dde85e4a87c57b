namespace Oidc.Tests;

/// <summary>RFC 7662: who may ask, what is told, and the one answer for everything else.</summary>
public sealed class IntrospectionEndpointTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Tells_a_resource_of_a_signed_token_addressed_to_it()
    {
        var tokens = await _provider.SignInAsync();

        var answer = await _provider.IntrospectAsync(tokens.AccessToken.Text, Flow.MembersCredentials);

        answer.Status.ShouldBe(200);
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
        answer.Headers.ContentType.ToString().ShouldBe("application/json");
        answer.Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        answer.Text("token_type").ShouldBe("Bearer");
        foreach (var claim in tokens.AccessToken.Claims.EnumerateObject())
        {
            answer.Json.GetProperty(claim.Name).GetRawText().ShouldBe(claim.Value.GetRawText(), claim.Name);
        }
    }

    [Fact]
    public async Task Tells_of_a_reference_token_what_a_signed_one_would_say()
    {
        var signed = (await _provider.SignInToWebAsync()).AccessToken;
        var reference = (await _provider.SignInToReferringAsync()).AccessToken;
        reference.Text.ShouldStartWith("at_");

        var answer = await _provider.IntrospectAsync(reference.Text, Flow.MembersCredentials);

        answer.Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        answer.Text("client_id").ShouldBe("referring");
        foreach (var name in new[] { "iss", "aud", "sub", "iat", "exp", "scope", "auth_time", "acr", "amr", "sid", "role" })
        {
            answer.Json.GetProperty(name).GetRawText().ShouldBe(signed.Claims.GetProperty(name).GetRawText(), name);
        }
    }

    [Fact]
    public async Task Tells_of_tokens_of_clients_that_speak_for_themselves()
    {
        var signed = await _provider.TokensAsync(Flow.ClientCredentials, Flow.MachineCredentials);
        var reference = await _provider.TokensAsync(Flow.ClientCredentials.With("scope", "members.read"), Flow.ReferringCredentials);

        (await _provider.IntrospectAsync(signed.AccessToken.Text, Flow.MembersCredentials)).Text("sub").ShouldBe("machine");
        (await _provider.IntrospectAsync(reference.AccessToken.Text, Flow.MembersCredentials)).Text("sub").ShouldBe("referring");
    }

    [Fact]
    public async Task Tells_a_client_of_its_own_tokens()
    {
        var tokens = await _provider.SignInToWebAsync("openid offline_access leads.read");

        (await _provider.IntrospectAsync(tokens.AccessToken.Text, Flow.WebCredentials)).Text("client_id").ShouldBe("web");
        var refresh = await _provider.IntrospectAsync(tokens.RefreshToken, Flow.WebCredentials);
        refresh.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["active", "iss", "sub", "client_id", "scope", "exp", "auth_time", "acr", "amr", "sid"]);
        refresh.Json.GetProperty("exp").GetInt64().ShouldBe((_provider.Time.Now + TestProvider.Options.Lifetimes.RefreshIdle).ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Takes_one_round_trip_whatever_is_asked_about()
    {
        var tokens = await _provider.SignInToWebAsync();
        var reference = await _provider.SignInToReferringAsync();

        foreach (var (token, caller) in new[]
        {
            (tokens.AccessToken.Text, Flow.MembersCredentials), (reference.AccessToken.Text, Flow.MembersCredentials), (tokens.RefreshToken, Flow.WebCredentials),
        })
        {
            var before = _provider.Store.RoundTrips;
            (await _provider.IntrospectAsync(token, caller)).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
            (_provider.Store.RoundTrips - before).ShouldBe(1);
        }
    }

    [Fact]
    public async Task Is_inactive_for_everybody_it_does_not_concern()
    {
        var tokens = await _provider.SignInToWebAsync();
        var reference = await _provider.SignInToReferringAsync();

        await IsInactiveAsync(tokens.AccessToken.Text, Flow.SmartCsCredentials);
        await IsInactiveAsync(reference.AccessToken.Text, Flow.SmartCsCredentials);
        await IsInactiveAsync(tokens.AccessToken.Text, Flow.MachineCredentials);
        await IsInactiveAsync(reference.AccessToken.Text, Flow.WebCredentials);
        await IsInactiveAsync(tokens.RefreshToken, Flow.MembersCredentials);
        await IsInactiveAsync(tokens.RefreshToken, Flow.MachineCredentials);
        await IsInactiveAsync(tokens.IdToken.Text, Flow.WebCredentials);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("..")]
    [InlineData("at_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ac_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.")]
    public async Task Is_inactive_for_what_is_no_token(string token) => await IsInactiveAsync(token, Flow.MembersCredentials);

    // CVE-2026-8922: whatever takes a token down, on every path to it.
    [Theory]
    [InlineData("expired")]
    [InlineData("session ended")]
    [InlineData("grant revoked")]
    [InlineData("person disabled")]
    [InlineData("client disabled")]
    [InlineData("client gone")]
    [Trait("Advisory", "CVE-2026-8922")]
    public async Task CVE_2026_8922_Is_inactive_once_anything_behind_a_token_is_gone(string what)
    {
        var web = await _provider.SignInToWebAsync();
        var referring = await _provider.SignInToReferringAsync();
        (string Token, string Caller)[] all =
        [
            (web.AccessToken.Text, Flow.MembersCredentials), (referring.AccessToken.Text, Flow.MembersCredentials),
            (web.RefreshToken, Flow.WebCredentials), (referring.RefreshToken, Flow.ReferringCredentials),
        ];
        foreach (var (token, caller) in all)
        {
            (await _provider.IntrospectAsync(token, caller)).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        }

        switch (what)
        {
            case "expired":
                _provider.Time.Advance(TestProvider.Options.Lifetimes.RefreshIdle);
                break;
            case "session ended":
                await _provider.Store.EndAsync("session-1", _provider.Time.Now, default);
                break;
            case "grant revoked":
                await _provider.RevokeAsync(web.RefreshToken, Flow.WebCredentials);
                await _provider.RevokeAsync(referring.RefreshToken, Flow.ReferringCredentials);
                break;
            case "person disabled":
                _provider.Store.Put(TestPeople.Alice with { Enabled = false });
                break;
            case "client disabled":
                _provider.Configuration.Put(TestConfiguration.Web with { Enabled = false });
                _provider.Configuration.Put(TestConfiguration.Referring with { Enabled = false });
                break;
            default:
                _provider.Configuration.Delete("web");
                _provider.Configuration.Delete("referring");
                break;
        }

        foreach (var (token, caller) in all)
        {
            // A client that is gone can no longer ask itself.
            if (!what.StartsWith("client", StringComparison.Ordinal) || caller == Flow.MembersCredentials)
            {
                await IsInactiveAsync(token, caller);
            }
        }
    }

    [Fact]
    public async Task Is_inactive_for_a_refresh_token_that_was_rotated()
    {
        _provider.Configuration.Put(TestConfiguration.Web with { RotateRefreshTokens = true });
        var first = await _provider.SignInToWebAsync();
        var second = await _provider.TokensAsync(Flow.Refresh(first.RefreshToken, "web"), Flow.WebCredentials);

        await IsInactiveAsync(first.RefreshToken, Flow.WebCredentials);
        (await _provider.IntrospectAsync(second.RefreshToken, Flow.WebCredentials)).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
    }

    // CVE-2026-18208: an inactive token is told by nothing but that, whatever form of answer was asked for.
    [Theory]
    [InlineData("application/token-introspection+jwt")]
    [InlineData("application/jwt")]
    [InlineData("text/html")]
    [InlineData("*/*;q=0")]
    [Trait("Advisory", "CVE-2026-18208")]
    public async Task CVE_2026_18208_Says_inactive_and_nothing_else_to_any_Accept(string accept)
    {
        var token = (await _provider.SignInAsync()).AccessToken.Text;

        var answer = await _provider.SendAsync("POST", Endpoints.Introspection, request =>
        {
            TestProvider.WriteForm(request, $"token={token}&token_type_hint=access_token");
            request.Headers.Authorization = Flow.SmartCsCredentials;
            request.Headers.Accept = accept;
        });

        answer.Body.ShouldBe("""{"active":false}""");
        answer.Headers.ContentType.ToString().ShouldBe("application/json");
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    [InlineData("nonsense")]
    public async Task Takes_a_hint_for_no_more_than_that(string hint)
    {
        var tokens = await _provider.SignInToWebAsync();
        foreach (var token in new[] { tokens.AccessToken.Text, tokens.RefreshToken })
        {
            var answer = await _provider.PostAsync(Endpoints.Introspection, Form.Of(("token", token), ("token_type_hint", hint)), Flow.WebCredentials);

            answer.Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Refuses_whoever_does_not_prove_to_be_somebody()
    {
        var token = (await _provider.SignInAsync()).AccessToken.Text;

        (await _provider.IntrospectAsync(token, null)).ShouldRefuse("invalid_client", 401);
        (await _provider.IntrospectAsync(token, TestProvider.Basic("members", "wrong"))).ShouldRefuse("invalid_client", 401);
        (await _provider.IntrospectAsync(token, TestProvider.Basic("members", TestConfiguration.Secret))).ShouldRefuse("invalid_client", 401);
        (await _provider.IntrospectAsync(token, TestProvider.Basic("identity", "anything"))).ShouldRefuse("invalid_client", 401);
        (await _provider.IntrospectAsync(token, "Bearer " + token)).ShouldRefuse("invalid_client", 401);
        (await _provider.PostAsync(Endpoints.Introspection, Form.Of(("token", token), ("client_id", "spa")))).ShouldRefuse("invalid_client", 401);
        (await _provider.IntrospectAsync(token, TestProvider.Basic("members", "wrong"))).Headers.WWWAuthenticate.ToString().ShouldStartWith("Basic");
    }

    [Fact]
    public async Task Takes_the_methods_of_the_token_endpoint()
    {
        _provider.Configuration.Put(AssertionOf.Signer);
        var token = (await _provider.TokensAsync(new AssertionOf().Form())).AccessToken.Text;
        var form = Form.Of(("token", token));

        (await _provider.PostAsync(Endpoints.Introspection, form.With("client_id", "members").With("client_secret", TestConfiguration.ResourceSecret)))
            .Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        (await _provider.PostAsync(Endpoints.Introspection, form.With("client_assertion", new AssertionOf().Write())
            .With("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Hears_no_more_guesses_of_a_resources_secret_after_too_many()
    {
        for (var guess = 0; guess < 20; guess++)
        {
            (await _provider.IntrospectAsync("x", TestProvider.Basic("members", $"wrong-{guess}"))).ShouldRefuse("invalid_client", 401);
        }

        (await _provider.IntrospectAsync("x", Flow.MembersCredentials)).ShouldRefuse("slow_down", 429);
        await IsInactiveAsync("x", Flow.SmartCsCredentials);
    }

    // One name and one secret may be a client's and a resource's.
    [Fact]
    public async Task Tells_who_is_both_client_and_resource_of_both()
    {
        _provider.Configuration.Put(TestConfiguration.Machine with { Id = "members", Secrets = [TestConfiguration.SecretOf(TestConfiguration.ResourceSecret)] });
        var own = await _provider.TokensAsync(Flow.ClientCredentials.With("scope", "leads.write"), Flow.MembersCredentials);
        var addressed = await _provider.SignInAsync();

        (await _provider.IntrospectAsync(own.AccessToken.Text, Flow.MembersCredentials)).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
        (await _provider.IntrospectAsync(addressed.AccessToken.Text, Flow.MembersCredentials)).Json.GetProperty("active").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_a_request_without_a_token()
    {
        (await _provider.PostAsync(Endpoints.Introspection, Form.Of(("token", "")), Flow.MembersCredentials)).ShouldRefuse("invalid_request");
        (await _provider.PostAsync(Endpoints.Introspection, Form.Of(("token", "a")).And("token", "b"), Flow.MembersCredentials)).ShouldRefuse("invalid_request");
        (await _provider.PostAsync(Endpoints.Introspection, Form.Of(("token", new string('x', 16_385))), Flow.MembersCredentials)).ShouldRefuse("invalid_request");
        (await _provider.GetAsync(Endpoints.Introspection, Form.Of(("token", "x")), Flow.MembersCredentials)).ShouldRefuse("invalid_request", 405);
    }

    [Fact]
    public async Task Answers_503_while_the_store_is_away()
    {
        var token = (await _provider.SignInAsync()).AccessToken.Text;
        _provider.Store.IsAway = true;

        (await _provider.IntrospectAsync(token, Flow.MembersCredentials)).ShouldRefuse("temporarily_unavailable", 503);
    }

    [Fact]
    public async Task Logs_nothing_of_a_token()
    {
        var tokens = await _provider.SignInToReferringAsync();
        await _provider.IntrospectAsync(tokens.AccessToken.Text, Flow.SmartCsCredentials);
        await _provider.IntrospectAsync(tokens.RefreshToken, Flow.SmartCsCredentials);

        _provider.Log.Lines.ShouldContain(line => line.Contains("smart-cs is inactive: not addressed to the caller", StringComparison.Ordinal));
        _provider.Log.Lines.ShouldAllBe(line => !line.Contains(tokens.AccessToken.Text, StringComparison.Ordinal) && !line.Contains(tokens.RefreshToken, StringComparison.Ordinal));
    }

    private async Task IsInactiveAsync(string token, string caller)
    {
        var answer = await _provider.IntrospectAsync(token, caller);
        answer.Status.ShouldBe(200, answer.Body);
        answer.Body.ShouldBe("""{"active":false}""");
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
    }
}
