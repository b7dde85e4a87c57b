namespace Oidc.Tests;

/// <summary>What is issued for an approval: audience, scope, refresh token; and the gate nothing gets round.</summary>
public sealed class TokenIssuerTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    // RFC 9068 §3: the audience is the resources of the granted scopes; with none it is the issuer, which no resource API accepts.
    [Theory]
    [InlineData("openid", "https://login.example")]
    [InlineData("openid profile email phone address offline_access", "https://login.example")]
    [InlineData("openid members", "members")]
    [InlineData("members", "members")]
    [InlineData("members members.read", "members")]
    [InlineData("openid members leads.read", """["members","smart-cs"]""")]
    [InlineData("leads.read members", """["smart-cs","members"]""")]
    public async Task Addresses_a_token_to_the_resources_of_its_scopes(string scope, string audience)
    {
        var tokens = await _provider.SignInAsync(scope);

        tokens.AccessToken["aud"].ShouldBe(audience);
        (tokens.Scope, tokens.AccessToken["scope"]).ShouldBe((scope, scope));
    }

    // RFC 8707 §2.2: scopes of resources that are not named leave the token with them.
    [Theory]
    [InlineData("authorize")]
    [InlineData("token")]
    public async Task Narrows_a_token_to_the_resources_that_are_named(string where)
    {
        var authorize = Flow.Authorize.With("scope", "openid members leads.read");
        var code = await _provider.CodeAsync(where == "authorize" ? Named(authorize) : authorize);

        var tokens = await _provider.TokensAsync(where == "token" ? Named(Flow.Redeem(code)) : Flow.Redeem(code));

        (tokens.AccessToken["aud"], tokens.Scope).ShouldBe(("smart-cs", "openid leads.read"));

        static Form Named(Form form) => form.And("resource", "urn:identity:resource:smart-cs");
    }

    [Fact]
    public async Task Issues_for_none_of_the_resources_when_those_of_the_authorization_are_gone()
    {
        var code = await _provider.CodeAsync(Flow.Authorize.With("scope", "openid members leads.read").And("resource", "urn:identity:resource:members"));
        _provider.Configuration.Put(TestConfiguration.Spa with { Scopes = TestConfiguration.Set("openid", "leads.read") });

        var tokens = await _provider.TokensAsync(Flow.Redeem(code));

        (tokens.AccessToken["aud"], tokens.Scope).ShouldBe((TestProvider.Issuer, "openid"));
    }

    [Fact]
    public async Task Issues_no_scope_that_was_taken_from_the_client_since()
    {
        var code = await _provider.CodeAsync(Flow.Authorize.With("scope", "openid offline_access members leads.read"));
        _provider.Configuration.Put(TestConfiguration.Spa with { Scopes = TestConfiguration.Set("openid", "members") });

        var tokens = await _provider.TokensAsync(Flow.Redeem(code));

        (tokens.Scope, tokens.AccessToken["aud"]).ShouldBe(("openid members", "members"));
        tokens.HasRefreshToken.ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_when_no_scope_is_left_and_leaves_the_code_as_it_is()
    {
        var code = await _provider.CodeAsync();
        _provider.Configuration.Put(TestConfiguration.Spa with { Scopes = TestConfiguration.Set("profile") });
        (await _provider.TokenAsync(Flow.Redeem(code))).ShouldRefuse("invalid_scope");

        _provider.Configuration.Put(TestConfiguration.Spa);
        (await _provider.TokenAsync(Flow.Redeem(code))).Status.ShouldBe(200);
    }

    // OpenID Connect Core §11.
    [Theory]
    [InlineData("openid offline_access", "authorization_code refresh_token", true)]
    [InlineData("openid", "authorization_code refresh_token", false)]
    [InlineData("openid offline_access", "authorization_code", false)]
    [InlineData("offline_access", "authorization_code refresh_token", true)]
    public async Task Gives_a_refresh_token_for_offline_access_to_a_client_with_that_grant(string scope, string grants, bool gives)
    {
        _provider.Configuration.Put(TestConfiguration.Spa with { GrantTypes = TestConfiguration.Set(grants.Split(' ')) });

        (await _provider.SignInAsync(scope)).HasRefreshToken.ShouldBe(gives);
        _provider.Store.RefreshTokenCount.ShouldBe(gives ? 1 : 0);
    }

    [Theory]
    [InlineData("openid", true)]
    [InlineData("members", false)]
    public async Task Gives_an_ID_token_for_the_scope_openid(string scope, bool gives) => (await _provider.SignInAsync(scope)).HasIdToken.ShouldBe(gives);

    // The subject gate: whatever a grant approved, there must still be a person, and a session that was not ended.
    [Fact]
    public async Task Refuses_a_person_who_was_disabled_and_leaves_the_code_as_it_is()
    {
        var code = await _provider.CodeAsync();
        _provider.Store.Put(TestPeople.Alice with { Enabled = false });
        (await _provider.TokenAsync(Flow.Redeem(code))).ShouldRefuse("invalid_grant");

        _provider.Store.Put(TestPeople.Alice);
        (await _provider.TokenAsync(Flow.Redeem(code))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Refuses_after_the_session_was_ended()
    {
        var code = await _provider.CodeAsync();
        await _provider.Store.EndAsync("session-1", _provider.Time.Now, CancellationToken.None);

        (await _provider.TokenAsync(Flow.Redeem(code))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Puts_an_added_grant_through_the_subject_gate_too()
    {
        var grant = new Grant
        {
            Id = Guid.CreateVersion7(_provider.Time.Now),
            ClientId = "spa",
            Subject = TestPeople.Alice.Subject,
            SessionId = "session-1",
            Scopes = ["openid"],
            AuthenticatedAt = _provider.Time.Now,
            Acr = Acr.OneFactor,
            Amr = ["otp"],
        };
        var request = new TokenRequest(TestConfiguration.Spa, Parameters.Empty, null, [], _provider.Configuration.Current, _provider.Time.Now);
        var spent = 0;

        async Task<IssueOutcome> IssueAsync(bool enabled, bool ended) => await _provider.Get<TokenIssuer>().IssueAsync(
            request,
            new GrantApproval
            {
                Scopes = grant.Scopes,
                Subject = new ApprovedSubject(grant, TestPeople.Alice with { Enabled = enabled }, ended),
                SpendAsync = (_, _) =>
                {
                    spent++;
                    return Task.FromResult<OAuthError?>(null);
                },
            },
            CancellationToken.None);

        (await IssueAsync(enabled: false, ended: false)).ShouldBeOfType<IssueOutcome.Refused>().Error.Code.ShouldBe("invalid_grant");
        (await IssueAsync(enabled: true, ended: true)).ShouldBeOfType<IssueOutcome.Refused>().Error.Code.ShouldBe("invalid_grant");
        spent.ShouldBe(0);
        (await IssueAsync(enabled: true, ended: false)).ShouldBeOfType<IssueOutcome.Issued>();
        spent.ShouldBe(1);
    }
}
