namespace Oidc.Tests;

/// <summary>Front-Channel Logout 1.0 §2 and §3, and clients that outlive a sign-out.</summary>
public sealed class FrontChannelLogoutTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    [Fact]
    public async Task Loads_the_address_of_each_client_of_the_session_and_then_goes_on()
    {
        Register("https://app.example/logged-out");
        var hint = (await _provider.SignInAsync()).IdToken.Text;
        await _provider.SignInToWebAsync();

        await LogOutAsync(hint);

        _provider.Browser.LeftToDo!.Frames.ShouldHaveSingleItem().AbsoluteUri.ShouldBe("https://app.example/logged-out?iss=https%3A%2F%2Flogin.example&sid=session-1");
        _provider.Browser.ShownSignedOut!.Location.ShouldBe("https://app.example/");
    }

    [Fact]
    public async Task Keeps_the_query_of_a_registered_address()
    {
        Register("https://app.example/logged-out?tenant=7");

        await LogOutAsync((await _provider.SignInAsync()).IdToken.Text);

        _provider.Browser.LeftToDo!.Frames.ShouldHaveSingleItem().Query.ShouldBe("?tenant=7&iss=https%3A%2F%2Flogin.example&sid=session-1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Loads_nothing_of_a_client_that_took_no_part_or_was_disabled(bool tookPart)
    {
        var tokens = await _provider.SignInToWebAsync();
        if (tookPart)
        {
            await _provider.SignInAsync();
        }

        _provider.Configuration.Put(TestConfiguration.Spa with { FrontchannelLogoutUri = new Uri("https://app.example/logged-out"), Enabled = !tookPart });

        await LogOutAsync(tokens.IdToken.Text, redirectUri: null);

        _provider.Browser.LeftToDo!.Frames.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tells_the_person_which_client_keeps_access_before_they_go_on()
    {
        _provider.Store.SurvivingClients.Add("spa");
        var tokens = await _provider.SignInAsync();
        var other = await _provider.SignInToWebAsync();

        var answer = await LogOutAsync(tokens.IdToken.Text);

        (answer.Status, answer.Location).ShouldBe((200, null));
        _provider.Browser.LeftToDo!.KeepingAccess.ShouldHaveSingleItem().Id.ShouldBe("spa");
        (await _provider.TokensAsync(Flow.Refresh(tokens.RefreshToken))).HasRefreshToken.ShouldBeTrue();
        (await _provider.TokenAsync(Flow.Refresh(other.RefreshToken, "web"), Flow.WebCredentials)).ShouldRefuse("invalid_grant");
    }

    private void Register(string uri) => _provider.Configuration.Put(TestConfiguration.Spa with { FrontchannelLogoutUri = new Uri(uri) });

    private Task<Answer> LogOutAsync(string hint, string? redirectUri = "https://app.example/") => _provider.GetAsync(
        Endpoints.EndSession, redirectUri is null ? Form.Of(("id_token_hint", hint)) : Form.Of(("id_token_hint", hint), ("post_logout_redirect_uri", redirectUri)));
}
