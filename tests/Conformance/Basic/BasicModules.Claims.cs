namespace Conformance;

// What is told of the person, and where.
public abstract partial class BasicModules
{
    [Module("oidcc-userinfo-get")]
    public async Task Tells_userinfo_by_GET()
    {
        var signIn = await SignInAsync(Client.Request());

        (await Client.UserInfoAsync(signIn.AccessToken, HttpMethod.Get)).ShouldBeUserInfo(signIn.IdToken);
    }

    [Module("oidcc-userinfo-post-header")]
    public async Task Tells_userinfo_by_POST_with_the_token_in_the_header()
    {
        var signIn = await SignInAsync(Client.Request());

        (await Client.UserInfoAsync(signIn.AccessToken, HttpMethod.Post)).ShouldBeUserInfo(signIn.IdToken);
    }

    [Module("oidcc-userinfo-post-body")]
    public async Task Tells_userinfo_by_POST_with_the_token_in_the_form()
    {
        var signIn = await SignInAsync(Client.Request());

        (await Client.PostAsync("userinfo_endpoint", Form.Of(("access_token", signIn.AccessToken)))).ShouldBeUserInfo(signIn.IdToken);
    }

    [Module("oidcc-scope-profile")]
    public async Task Tells_what_the_scope_profile_opens() => ShouldTell(await SignInAsync(Client.Request("openid profile")), PersonClaims.Profile);

    [Module("oidcc-scope-email")]
    public async Task Tells_what_the_scope_email_opens() => ShouldTellEmailAndNoMore(await SignInAsync(Client.Request("openid email")));

    [Module("oidcc-scope-address")]
    public async Task Tells_what_the_scope_address_opens() => ShouldTell(await SignInAsync(Client.Request("openid address")), PersonClaims.Address);

    [Module("oidcc-scope-phone")]
    public async Task Tells_what_the_scope_phone_opens() => ShouldTell(await SignInAsync(Client.Request("openid phone")), PersonClaims.Phone);

    [Module("oidcc-scope-all")]
    public async Task Tells_what_all_scopes_open() => ShouldTell(
        await SignInAsync(Client.Request("openid profile email address phone")), [.. PersonClaims.Profile, .. PersonClaims.Email, .. PersonClaims.Address, .. PersonClaims.Phone]);

    [Module("oidcc-claims-essential")]
    public async Task Tells_a_claim_that_is_asked_for_by_name()
    {
        var signIn = await SignInAsync(Client.Request().And("claims", """{"userinfo":{"name":{"essential":true}}}"""));

        ShouldTell(signIn, "name");
    }

    // All claims of the scope, which this person has, none of another, and none in the ID token, whose reader asked for none there.
    private void ShouldTell(SignIn signIn, params string[] claims)
    {
        foreach (var scope in new[] { "profile", "email", "address", "phone" })
        {
            provider.Supports("scopes_supported", scope).ShouldBeTrue();
        }

        signIn.ToldClaims.ShouldBe(["sub", .. claims], ignoreOrder: true);
        signIn.IdToken.Names.ShouldBeSubsetOf(ProtocolClaims);
    }

    private void ShouldTellEmailAndNoMore(SignIn signIn) => ShouldTell(signIn, PersonClaims.Email);
}
