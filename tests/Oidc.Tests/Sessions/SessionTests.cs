namespace Oidc.Tests;

/// <summary>A session that expires ends single sign-on; one that is ended takes everything made in it along.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    // To the engine an expired session is a browser without one.
    [Fact]
    public async Task That_expired_leaves_refresh_tokens_to_their_own_lifetime()
    {
        var tokens = await _provider.SignInAsync();
        _provider.Browser.Session = null;
        _provider.Time.Advance(TimeSpan.FromDays(2));

        var refreshed = await _provider.TokensAsync(Flow.Refresh(tokens.RefreshToken));

        (await _provider.UserInfoAsync(refreshed)).Status.ShouldBe(200);
        (await _provider.GetAsync(Endpoints.Authorize, Flow.Authorize.With("prompt", "none"))).Redirect["error"].ShouldBe("login_required");
    }

    [Fact]
    public async Task That_was_ended_takes_codes_access_and_refresh_tokens_of_every_client_along()
    {
        var spa = await _provider.SignInAsync();
        var web = await _provider.SignInToWebAsync();
        var code = await _provider.CodeAsync();

        (await _provider.Store.EndAsync("session-1", _provider.Time.Now, CancellationToken.None)).Select(party => party.ClientId).ShouldBe(["spa", "web"]);

        (await _provider.TokenAsync(Flow.Redeem(code))).ShouldRefuse("invalid_grant");
        (await _provider.TokenAsync(Flow.Refresh(spa.RefreshToken))).ShouldRefuse("invalid_grant");
        (await _provider.TokenAsync(Flow.Refresh(web.RefreshToken, "web"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");
        (await _provider.UserInfoAsync(spa)).Status.ShouldBe(401);
        (await _provider.UserInfoAsync(web)).Status.ShouldBe(401);
    }

    // CVE-2025-12390: on a shared device the next person gets tokens of their own, and nobody else's.
    [Fact]
    [Trait("Advisory", "CVE-2025-12390")]
    public async Task Of_the_next_person_gives_that_persons_tokens()
    {
        var alice = await _provider.SignInAsync();
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, _provider.Time.Now, "session-2");

        var bob = await _provider.SignInAsync();

        (bob.IdToken["sub"], bob.IdToken["sid"]).ShouldBe((TestPeople.Bob.Subject, "session-2"));
        (await _provider.UserInfoAsync(alice)).Text("sub").ShouldBe(TestPeople.Alice.Subject);
    }

    [Fact]
    public async Task Says_in_every_token_how_strongly_the_person_signed_in()
    {
        _provider.Browser.Session = _provider.Browser.Session! with { Acr = Acr.TwoFactors, Amr = ["pwd", "otp", "mfa"] };

        var tokens = await _provider.SignInAsync();

        foreach (var token in new[] { tokens.AccessToken, tokens.IdToken })
        {
            (token["acr"], token["amr"]).ShouldBe((Acr.TwoFactors, """["pwd","otp","mfa"]"""));
        }
    }
}
