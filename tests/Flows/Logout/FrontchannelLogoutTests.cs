using System.Net;
using Harness;
using IdentityProvider;
using Microsoft.Extensions.DependencyInjection;
using ProviderHarness;
using Page = ProviderHarness.Page;

namespace Flows;

/// <summary>
/// Front-Channel Logout 1.0. The first two are the modules of the OpenID Foundation's plan
/// <c>oidcc-frontchannel-rp-initiated-logout-certification-test-plan</c>.
/// </summary>
public sealed class FrontchannelLogoutTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private Provider Provider => fixture.Provider;

    private string Sandbox => $"http://localhost:{new Uri(Provider.Issuer).Port + 9}";

    [Fact]
    public async Task Oidcc_frontchannel_rp_initiated_logout_discovery_endpoint_verification()
    {
        var discovery = System.Text.Json.JsonElement.Parse((await Provider.Client.GetPageAsync("/.well-known/openid-configuration")).Body);

        discovery.GetProperty("frontchannel_logout_supported").GetBoolean().ShouldBeTrue();
        discovery.GetProperty("frontchannel_logout_session_supported").GetBoolean().ShouldBeTrue();
        discovery.GetProperty("end_session_endpoint").GetString().ShouldBe(Provider.Issuer + "/connect/endsession");
    }

    [Fact]
    public async Task Oidcc_frontchannel_rp_initiated_logout()
    {
        var (person, tokens) = await SignInAsync();

        var page = await LogOutAsync(tokens, person, ("post_logout_redirect_uri", Sandbox + "/signed-out"), ("state", "a state & more"));

        page.Status.ShouldBe(HttpStatusCode.OK);
        var frame = page.Frames.ShouldHaveSingleItem();
        frame.GetLeftPart(UriPartial.Path).ShouldBe(Sandbox + "/frontchannel-logout");
        var parameters = System.Web.HttpUtility.ParseQueryString(frame.Query);
        parameters.AllKeys.ShouldBe(["iss", "sid"]);
        (parameters["iss"], parameters["sid"]).ShouldBe((Provider.Issuer, DatabaseLooks.PayloadOf(tokens["id_token"]!).GetProperty("sid").GetString()));

        // Then back, with scripts and without.
        var location = WebUtility.HtmlEncode(Sandbox + "/signed-out?state=a%20state%20%26%20more");
        page.Body.ShouldContain($"""<noscript><meta http-equiv="refresh" content="3;url={location}"></noscript>""");
        page.Body.ShouldContain($"""href="{location}" data-after-frames""");
        (await Provider.Client.GetPageAsync("/account", null, person.Cookie)).Location.ShouldBe("/log-in");
    }

    [Fact]
    public async Task Frames_may_come_from_exactly_those_origins()
    {
        var (person, tokens) = await SignInAsync();

        var page = await LogOutAsync(tokens, person);

        page.Headers["Content-Security-Policy"].Split("; ").ShouldContain("frame-src " + Sandbox);
        page.Headers["X-Frame-Options"].ShouldBe("DENY");
        page.Body.ShouldContain("sandbox=\"allow-same-origin allow-scripts\"");
    }

    [Fact]
    public async Task Without_a_way_back_the_page_stays_and_loads_the_frames()
    {
        var (person, tokens) = await SignInAsync();

        var page = await LogOutAsync(tokens, person, ("post_logout_redirect_uri", "https://attacker.example/"));
        page.Body.ShouldContain("action=\"/log-out\"");
        page = await Provider.Client.SubmitAsync(page, "/log-out", Form.Of(("client_id", "web"), ("post_logout_redirect_uri", "https://attacker.example/")), person.Cookie);

        page.Frames.Count.ShouldBe(1);
        page.Body.ShouldContain("is not registered for it");
        page.Body.ShouldNotContain("http-equiv");
        page.Body.ShouldNotContain("attacker");
    }

    [Fact]
    public async Task A_session_without_such_a_client_loads_no_frame()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid"));

        (await LogOutAsync(tokens, person)).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    // design §3: the one exception to "whatever ends a session takes its grants along", and the person reads of it.
    [Fact]
    public async Task A_client_that_survives_sign_outs_keeps_its_refresh_token_and_the_person_is_told()
    {
        await SurviveAsync("storefront");
        var person = await SignedIn.AsAsync(Provider, "agent@example.com");
        var survivor = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access members"));
        var other = await Provider.RedeemAsync("agents", await person.AuthorizeAsync("agents", "openid offline_access leads.read"));

        var page = await LogOutAsync(survivor, person, ("post_logout_redirect_uri", $"http://localhost:{new Uri(Provider.Issuer).Port + 3}/"));

        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Body.ShouldContain("go on having access");
        page.Body.ShouldContain("<li>Storefront</li>");

        // It is read before anybody goes on.
        page.Body.ShouldNotContain("http-equiv");
        page.Body.ShouldNotContain("data-after-frames");
        (await Provider.RefreshAsync("agents", other.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await Provider.Client.GetPageAsync("/account", null, person.Cookie)).Location.ShouldBe("/log-in");
        var refreshed = await Provider.RefreshAsync("storefront", survivor.RefreshToken);
        refreshed.Succeeded.ShouldBeTrue();
        (await Provider.UserInfoAsync(refreshed.AccessToken)).Succeeded.ShouldBeTrue();

        // What survives is listed, and can be ended.
        var later = await SignedIn.AsAsync(Provider, "agent@example.com");
        var account = await Provider.Client.GetPageAsync("/account", null, later.Cookie);
        account.Body.ShouldContain("only the applications still have access");
        await Provider.Client.SubmitAsync(account, "/account", Form.Of(("action", "end-others")), later.Cookie);
        (await Provider.RefreshAsync("storefront", refreshed.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData(EndReason.RevokedByPerson)]
    [InlineData(EndReason.PasswordReset)]
    [InlineData(EndReason.Disabled)]
    public async Task Nothing_survives_any_other_ending(EndReason reason)
    {
        await SurviveAsync("storefront");
        var person = await SignedIn.AsAsync(Provider, "agent@example.com");
        var tokens = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access members"));

        await Provider.Services.GetRequiredService<SessionEnding>().EndAllAsync(person.PersonId, null, reason, Provider.Time.Now, CancellationToken.None);

        (await Provider.RefreshAsync("storefront", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    private async Task SurviveAsync(string clientId)
    {
        await Provider.ExecuteAsync("update clients set survives_logout = true where id = $1", clientId);
        await Provider.Services.GetRequiredService<ConfigurationSnapshot>().ReloadAsync(CancellationToken.None);
    }

    private async Task<(SignedIn Person, TokenAnswer Tokens)> SignInAsync()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        return (person, await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid", verifier: null), verifier: null));
    }

    private Task<Page> LogOutAsync(TokenAnswer tokens, SignedIn person, params (string Name, string Value)[] more) =>
        Provider.Client.GetPageAsync("/connect/endsession", Form.Of([("id_token_hint", tokens["id_token"]!), .. more]), person.Cookie);
}
