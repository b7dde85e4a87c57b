using System.Web;

namespace Conformance;

/// <summary>OpenID Connect Front-Channel Logout 1.0, begun by the client.</summary>
[Plan("oidcc-frontchannel-rp-initiated-logout")]
[Collection(TestedProviderCollection.Name)]
public sealed class FrontchannelLogoutPlan(TestedProvider provider)
{
    private readonly LogoutFlow _flow = new(provider, "conformance-frontchannel");

    [Module("oidcc-frontchannel-logout-discovery-endpoint-verification")]
    public void Publishes_that_it_tells_clients_through_the_browser()
    {
        provider.Metadata.GetProperty("frontchannel_logout_supported").GetBoolean().ShouldBeTrue();
        provider.Metadata.GetProperty("frontchannel_logout_session_supported").GetBoolean().ShouldBeTrue();
        Metadata.ShouldBeHttps(provider.Endpoint("end_session_endpoint"));
    }

    [Module("oidcc-frontchannel-rp-initiated-logout")]
    public async Task Has_the_browser_tell_the_client_and_returns()
    {
        var request = await _flow.BeginAsync();

        var arrival = await _flow.EndAsync(request);

        // Front-Channel Logout §3: issuer and session, and nothing else.
        var frame = arrival.Frames.ShouldHaveSingleItem();
        frame.GetLeftPart(UriPartial.Path).ShouldBe(_flow.Client.AddressOf("frontchannel_logout"));
        var said = HttpUtility.ParseQueryString(frame.Query);
        said.AllKeys.ShouldBe(["iss", "sid"], ignoreOrder: true);
        said["iss"].ShouldBe(TestedProvider.Issuer);
        said["sid"].ShouldBe(_flow.SignIn.IdToken.SessionId);
        await _flow.ShouldHaveReturnedAsync(arrival, request["state"]);
    }
}
