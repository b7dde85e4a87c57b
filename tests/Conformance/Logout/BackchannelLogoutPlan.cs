namespace Conformance;

/// <summary>OpenID Connect Back-Channel Logout 1.0, begun by the client.</summary>
[Plan("oidcc-backchannel-rp-initiated-logout")]
[Collection(TestedProviderCollection.Name)]
public sealed class BackchannelLogoutPlan(TestedProvider provider)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    private readonly LogoutFlow _flow = new(provider, "conformance-backchannel");

    [Module("oidcc-backchannel-logout-discovery-endpoint-verification")]
    public void Publishes_that_it_tells_clients_by_itself()
    {
        provider.Metadata.GetProperty("backchannel_logout_supported").GetBoolean().ShouldBeTrue();
        provider.Metadata.GetProperty("backchannel_logout_session_supported").GetBoolean().ShouldBeTrue();
        Metadata.ShouldBeHttps(provider.Endpoint("end_session_endpoint"));
    }

    [Module("oidcc-backchannel-rp-initiated-logout")]
    public async Task Tells_the_client_and_returns()
    {
        await using var client = await provider.ListenAsync(new Uri(_flow.Client.AddressOf("backchannel_logout")).AbsolutePath);
        var request = await _flow.BeginAsync();

        await _flow.ShouldHaveReturnedAsync(await _flow.EndAsync(request), request["state"]);

        var told = (await client.WaitAsync(1)).ShouldHaveSingleItem();
        client.WentElsewhere.ShouldBeFalse();
        told.ContentType.ShouldBe("application/x-www-form-urlencoded");
        told.Fields.ShouldBe(["logout_token"]);
        HoldLogoutToken((await PublishedKeys.FetchAsync(provider)).Verify(told.Token).Claims);
    }

    // Back-Channel Logout §2.4 and §2.6.
    private void HoldLogoutToken(JsonElement claims)
    {
        claims.GetProperty("iss").GetString().ShouldBe(TestedProvider.Issuer);
        IdTokens.Audience(claims).ShouldContain(_flow.Client.Id);
        var now = provider.Time.Now.ToUnixTimeSeconds();
        claims.GetProperty("iat").GetInt64().ShouldBeInRange(now - 300, now + 300);
        claims.GetProperty("jti").GetString().ShouldNotBeNullOrEmpty();
        var happened = claims.GetProperty("events").EnumerateObject().ShouldHaveSingleItem();
        happened.Name.ShouldBe(Event);
        happened.Value.ValueKind.ShouldBe(JsonValueKind.Object);
        happened.Value.EnumerateObject().ShouldBeEmpty();
        claims.GetProperty("sub").GetString().ShouldBe(_flow.SignIn.IdToken.Subject);
        claims.GetProperty("sid").GetString().ShouldBe(_flow.SignIn.IdToken.SessionId);
        claims.TryGetProperty("nonce", out _).ShouldBeFalse();
    }
}
