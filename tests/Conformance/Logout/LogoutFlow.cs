namespace Conformance;

/// <summary>Signing out as the suite does it: a sign-in, a visit to the end-session endpoint, and a look whether anybody is still signed in.</summary>
public sealed class LogoutFlow(TestedProvider provider, string clientId)
{
    public Browser Browser { get; } = new(provider);

    public RelyingParty Client { get; } = new(provider, clientId);

    public SignIn SignIn { get; private set; } = null!;

    /// <summary>A logout request that is right in all respects, after a sign-in.</summary>
    public async Task<Form> BeginAsync()
    {
        SignIn = await Client.SignInAsync(Browser, Client.Request());
        return Form.Of(("id_token_hint", SignIn.RawIdToken), ("post_logout_redirect_uri", Client.PostLogoutRedirectUri), ("state", RelyingParty.Draw(128)));
    }

    public Task<Arrival> EndAsync(Form request) => Browser.GoAsync(provider.Endpoint("end_session_endpoint"), request);

    /// <summary>Back at the client, with its state and nothing else, and signed out here.</summary>
    public async Task ShouldHaveReturnedAsync(Arrival arrival, string? state)
    {
        arrival.Address.ShouldNotBeNull(arrival.ToString());
        arrival.Form.ShouldBeNull();
        arrival.Address.GetLeftPart(UriPartial.Path).ShouldBe(Client.PostLogoutRedirectUri);
        arrival.Address.Fragment.ShouldBeEmpty();
        arrival.Query.AllKeys.ShouldBe(state is null ? [] : ["state"]);
        arrival.Query["state"].ShouldBe(state);
        await ShouldBeSignedOutAsync();
    }

    /// <summary>The person stays here, is asked first, and is signed out when they agree. Nobody is sent to the client at any time.</summary>
    public async Task ShouldAskAndStayAsync(Arrival arrival)
    {
        arrival.Address.ShouldBeNull(arrival.ToString());
        arrival.Last.Status.ShouldBe(HttpStatusCode.OK);
        arrival.Last.Page.QuerySelector("h1")!.TextContent.ShouldBe("Sign out?");

        await ShouldSaySignedOutAsync(await Browser.PressAsync(arrival, "form[action='/log-out'] button[type=submit]"));
    }

    /// <summary>The person stays here and reads that they are signed out, which they are.</summary>
    public async Task ShouldSaySignedOutAsync(Arrival arrival)
    {
        arrival.Address.ShouldBeNull(arrival.ToString());
        arrival.Last.Status.ShouldBe(HttpStatusCode.OK);
        arrival.Last.Page.QuerySelector("h1")!.TextContent.ShouldBe("You are signed out");
        await ShouldBeSignedOutAsync();
    }

    private async Task ShouldBeSignedOutAsync()
    {
        var request = Client.Request().And("prompt", "none");
        (await Client.AskAsync(Browser, request)).ShouldNeedInteraction(request);
    }
}
