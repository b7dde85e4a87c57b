namespace Oidc.Tests;

/// <summary>RFC 7009: what a client gives back is dead, and nothing else is.</summary>
public sealed class RevocationEndpointTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Takes_the_grant_of_a_refresh_token_with_everything_made_from_it()
    {
        var first = await _provider.SignInToReferringAsync();
        var second = await _provider.TokensAsync(Flow.Refresh(first.RefreshToken, "referring"), Flow.ReferringCredentials);

        await RevokesAsync(second.RefreshToken, Flow.ReferringCredentials);

        (await _provider.TokenAsync(Flow.Refresh(second.RefreshToken, "referring"), Flow.ReferringCredentials)).ShouldRefuse("invalid_grant");
        foreach (var tokens in new[] { first, second })
        {
            (await _provider.UserInfoAsync(tokens)).Status.ShouldBe(401);
            (await _provider.IntrospectAsync(tokens.AccessToken.Text, Flow.MembersCredentials)).Body.ShouldBe("""{"active":false}""");
        }

        _provider.Store.Audit.ShouldBe(["grant revoked by its client"]);
    }

    [Fact]
    public async Task Takes_the_family_of_a_rotated_refresh_token()
    {
        var first = await _provider.SignInAsync();
        var second = await _provider.TokensAsync(Flow.Refresh(first.RefreshToken));

        (await _provider.PostAsync(Endpoints.Revocation, Form.Of(("client_id", "spa"), ("token", first.RefreshToken)))).Status.ShouldBe(200);

        (await _provider.TokenAsync(Flow.Refresh(second.RefreshToken))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Takes_a_signed_access_token_alone()
    {
        var first = await _provider.SignInToWebAsync();
        var second = await _provider.TokensAsync(Flow.Refresh(first.RefreshToken, "web"), Flow.WebCredentials);

        await RevokesAsync(first.AccessToken.Text, Flow.WebCredentials);

        (await _provider.UserInfoAsync(first)).Status.ShouldBe(401);
        (await _provider.IntrospectAsync(first.AccessToken.Text, Flow.MembersCredentials)).Body.ShouldBe("""{"active":false}""");
        (await _provider.UserInfoAsync(second)).Status.ShouldBe(200);
        (await _provider.TokenAsync(Flow.Refresh(first.RefreshToken, "web"), Flow.WebCredentials)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Takes_a_reference_token_alone()
    {
        var first = await _provider.SignInToReferringAsync();
        var second = await _provider.TokensAsync(Flow.Refresh(first.RefreshToken, "referring"), Flow.ReferringCredentials);

        await RevokesAsync(first.AccessToken.Text, Flow.ReferringCredentials);

        (await _provider.UserInfoAsync(first)).Status.ShouldBe(401);
        (await _provider.IntrospectAsync(first.AccessToken.Text, Flow.MembersCredentials)).Body.ShouldBe("""{"active":false}""");
        (await _provider.UserInfoAsync(second)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Takes_a_token_of_a_client_that_speaks_for_itself()
    {
        var token = (await _provider.TokensAsync(Flow.ClientCredentials, Flow.MachineCredentials)).AccessToken.Text;

        await RevokesAsync(token, Flow.MachineCredentials);

        (await _provider.IntrospectAsync(token, Flow.MembersCredentials)).Body.ShouldBe("""{"active":false}""");
    }

    [Fact]
    public async Task Changes_nothing_of_another_clients_tokens_and_says_nothing_about_them()
    {
        var web = await _provider.SignInToWebAsync();
        var referring = await _provider.SignInToReferringAsync();

        foreach (var token in new[] { web.AccessToken.Text, web.RefreshToken, referring.AccessToken.Text, referring.RefreshToken })
        {
            await RevokesAsync(token, Flow.MachineCredentials);
            (await _provider.PostAsync(Endpoints.Revocation, Form.Of(("client_id", "spa"), ("token", token)))).Status.ShouldBe(200);
        }

        (await _provider.UserInfoAsync(web)).Status.ShouldBe(200);
        (await _provider.UserInfoAsync(referring)).Status.ShouldBe(200);
        (await _provider.TokenAsync(Flow.Refresh(web.RefreshToken, "web"), Flow.WebCredentials)).Status.ShouldBe(200);
        _provider.Store.Audit.ShouldBeEmpty();
    }

    // RFC 7009 §2.2: what cannot be used needs no revoking.
    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("at_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Is_content_with_a_token_that_is_none(string token) => await RevokesAsync(token, Flow.WebCredentials);

    [Fact]
    public async Task Is_the_same_a_second_time()
    {
        var tokens = await _provider.SignInToReferringAsync();
        foreach (var token in new[] { tokens.AccessToken.Text, tokens.RefreshToken })
        {
            await RevokesAsync(token, Flow.ReferringCredentials);
            await RevokesAsync(token, Flow.ReferringCredentials);
        }

        _provider.Store.Audit.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("refresh_token")]
    [InlineData("access_token")]
    [InlineData("nonsense")]
    public async Task Takes_a_hint_for_no_more_than_that(string hint)
    {
        var tokens = await _provider.SignInToWebAsync();

        (await _provider.PostAsync(Endpoints.Revocation, Form.Of(("token", tokens.RefreshToken), ("token_type_hint", hint)), Flow.WebCredentials)).Status.ShouldBe(200);

        (await _provider.UserInfoAsync(tokens)).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Takes_one_round_trip()
    {
        var web = await _provider.SignInToWebAsync();
        var referring = await _provider.SignInToReferringAsync();
        foreach (var (token, caller) in new[]
        {
            (web.AccessToken.Text, Flow.WebCredentials), (web.RefreshToken, Flow.WebCredentials), (referring.AccessToken.Text, Flow.ReferringCredentials),
        })
        {
            var before = _provider.Store.RoundTrips;
            await RevokesAsync(token, caller);
            (_provider.Store.RoundTrips - before).ShouldBe(1);
        }
    }

    // GHSA-7mqr-2v3q-v2wm: 200 means that the token is dead.
    [Fact]
    [Trait("Advisory", "GHSA-7mqr-2v3q-v2wm")]
    public async Task GHSA_7mqr_2v3q_v2wm_Answers_503_while_the_store_is_away()
    {
        var web = await _provider.SignInToWebAsync();
        var referring = await _provider.SignInToReferringAsync();
        _provider.Store.IsAway = true;

        (await _provider.RevokeAsync(web.AccessToken.Text, Flow.WebCredentials)).ShouldRefuse("temporarily_unavailable", 503);
        (await _provider.RevokeAsync(web.RefreshToken, Flow.WebCredentials)).ShouldRefuse("temporarily_unavailable", 503);
        (await _provider.RevokeAsync(referring.AccessToken.Text, Flow.ReferringCredentials)).ShouldRefuse("temporarily_unavailable", 503);
    }

    [Fact]
    public async Task Refuses_a_client_that_does_not_prove_itself()
    {
        var tokens = await _provider.SignInToWebAsync();

        (await _provider.RevokeAsync(tokens.RefreshToken, null)).ShouldRefuse("invalid_client", 401);
        (await _provider.RevokeAsync(tokens.RefreshToken, TestProvider.Basic("web", "wrong"))).ShouldRefuse("invalid_client", 401);
        (await _provider.PostAsync(Endpoints.Revocation, Form.Of(("client_id", "web"), ("token", tokens.RefreshToken)))).ShouldRefuse("invalid_client", 401);
        (await _provider.RevokeAsync(tokens.RefreshToken, Flow.MembersCredentials)).ShouldRefuse("invalid_client", 401);

        (await _provider.UserInfoAsync(tokens)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Refuses_a_request_without_a_token()
    {
        (await _provider.PostAsync(Endpoints.Revocation, Form.Of(("token", "")), Flow.WebCredentials)).ShouldRefuse("invalid_request");
        (await _provider.PostAsync(Endpoints.Revocation, Form.Of(("token", "a")).And("token", "b"), Flow.WebCredentials)).ShouldRefuse("invalid_request");
        (await _provider.GetAsync(Endpoints.Revocation, Form.Of(("token", "x")), Flow.WebCredentials)).ShouldRefuse("invalid_request", 405);
    }

    private async Task RevokesAsync(string token, string caller)
    {
        var answer = await _provider.RevokeAsync(token, caller);
        answer.Status.ShouldBe(200, answer.Body);
        answer.Body.ShouldBeEmpty();
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
    }
}
