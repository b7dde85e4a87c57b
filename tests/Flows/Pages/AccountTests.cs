using System.Net;
using Harness;
using ProviderHarness;
using Page = ProviderHarness.Page;

namespace Flows;

/// <summary>A person's own account: what is listed there, and what ending something there does.</summary>
public sealed class AccountTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>, IAsyncLifetime
{
    private SignedIn _here = null!;

    private Provider Provider => fixture.Provider;

    public async Task InitializeAsync()
    {
        await Provider.ExecuteAsync("update sessions set ended_at = $1 where ended_at is null", Provider.Time.Now);
        _here = await SignedIn.AsAsync(Provider, "alice@example.com");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Sends_whoever_is_not_signed_in_to_sign_in() => (await Provider.Client.GetPageAsync("/account")).Location.ShouldBe("/log-in");

    [Fact]
    public async Task Says_who_is_signed_in_and_keeps_the_page_out_of_every_cache()
    {
        var page = await OpenAsync();

        page.Body.ShouldContain("Alice Example");
        page.Body.ShouldContain("alice@example.com");
        page.Headers["Cache-Control"].ShouldContain("no-store");
    }

    [Fact]
    public async Task Lists_each_session_once_with_device_address_and_applications()
    {
        var phone = await SignedIn.AsAsync(Provider, "alice@example.com");
        await Provider.RedeemAsync("agents", await phone.AuthorizeAsync("agents", "openid offline_access"));
        await Provider.ExecuteAsync("update sessions set device_label = 'Safari, iPhone', address = '203.0.113.7', client_id = 'storefront', remembered = true where id = $1", phone.SessionId);
        await SignedIn.AsAsync(Provider, "bob@example.com");

        var page = await OpenAsync();

        SessionsOf(page).ShouldBe([_here.SessionId, phone.SessionId], ignoreOrder: true);
        SessionsOf(page)[0].ShouldBe(_here.SessionId);
        page.Body.ShouldContain("This device");
        foreach (var words in new[] { "Safari, iPhone", "203.0.113.7", "Signed in to Storefront", "Used by Agents", "just now", "stays signed in" })
        {
            page.Body.ShouldContain(words);
        }
    }

    [Fact]
    public async Task Does_not_list_what_has_ended_or_expired_without_anything_left()
    {
        var ended = await SignedIn.AsAsync(Provider, "alice@example.com");
        await Provider.ExecuteAsync("update sessions set ended_at = $2 where id = $1", ended.SessionId, Provider.Time.Now);
        var expired = await SignedIn.AsAsync(Provider, "alice@example.com");
        await Provider.ExecuteAsync("update sessions set idle_until = $2 where id = $1", expired.SessionId, Provider.Time.Now);

        SessionsOf(await OpenAsync()).ShouldBe([_here.SessionId]);
    }

    [Fact]
    public async Task Lists_an_expired_session_while_an_application_can_refresh()
    {
        var old = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("storefront", await old.AuthorizeAsync("storefront", "openid offline_access members"));
        await Provider.ExecuteAsync("update sessions set idle_until = $2 where id = $1", old.SessionId, Provider.Time.Now);

        var page = await OpenAsync();

        page.Body.ShouldContain("only the applications still have access");
        (await EndAsync(page, old.SessionId)).Location.ShouldBe("/account?done=end");
        (await Provider.RefreshAsync("storefront", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    // A second sign-in in one browser retires the session before; to the person it is one device.
    [Fact]
    public async Task Shows_sessions_that_followed_each_other_in_one_browser_as_one_and_ends_them_together()
    {
        var before = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("storefront", await before.AuthorizeAsync("storefront", "openid offline_access members"));
        Provider.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await SignedIn.AsAsync(Provider, "alice@example.com");
        await Provider.ExecuteAsync("update sessions set replaced_by = $2 where id = $1", before.SessionId, after.SessionId);

        var page = await OpenAsync();

        SessionsOf(page).ShouldBe([_here.SessionId, after.SessionId]);
        await EndAsync(page, after.SessionId);
        (await Provider.RefreshAsync("storefront", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Ends_one_and_only_that_one()
    {
        var there = await SignedIn.AsAsync(Provider, "alice@example.com");
        var third = await SignedIn.AsAsync(Provider, "alice@example.com");
        var page = await OpenAsync();

        var done = await EndAsync(page, there.SessionId);

        (await Provider.Client.GetPageAsync(done.Location!, null, _here.Cookie)).Body.ShouldContain("That device is signed out.");
        (await Provider.Client.GetPageAsync("/account", null, there.Cookie)).Location.ShouldBe("/log-in");
        SessionsOf(await OpenAsync()).ShouldBe([_here.SessionId, third.SessionId], ignoreOrder: true);
    }

    [Fact]
    public async Task Ends_all_others_and_keeps_this_one()
    {
        await SignedIn.AsAsync(Provider, "alice@example.com");
        await SignedIn.AsAsync(Provider, "alice@example.com");
        var bob = await SignedIn.AsAsync(Provider, "bob@example.com");

        await Provider.Client.SubmitAsync(await OpenAsync(), "/account", Form.Of(("action", "end-others")), _here.Cookie);

        SessionsOf(await OpenAsync()).ShouldBe([_here.SessionId]);
        (await Provider.Client.GetPageAsync("/account", null, bob.Cookie)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_persons_session_is_not_there(bool exists)
    {
        await SignedIn.AsAsync(Provider, "alice@example.com");
        var bob = await SignedIn.AsAsync(Provider, "bob@example.com");

        (await EndAsync(await OpenAsync(), exists ? bob.SessionId : "0123456789abcdef0123456789abcdef")).Status.ShouldBe(HttpStatusCode.NotFound);

        (await Provider.Client.GetPageAsync("/account", null, bob.Cookie)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task This_device_is_signed_out_where_people_are_asked()
    {
        await SignedIn.AsAsync(Provider, "alice@example.com");

        (await EndAsync(await OpenAsync(), _here.SessionId)).Location.ShouldBe("/log-out");

        SessionsOf(await OpenAsync()).ShouldContain(_here.SessionId);
    }

    [Theory]
    [InlineData("end")]
    [InlineData("end-others")]
    [InlineData("withdraw")]
    public async Task A_form_of_another_site_ends_nothing(string action)
    {
        var there = await SignedIn.AsAsync(Provider, "alice@example.com");

        var answer = await Provider.Client.PostPageAsync("/account", Form.Of(("action", action), ("session", there.SessionId), ("client", "web")), _here.Cookie);

        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Provider.Client.GetPageAsync($"/account?action={action}&session={there.SessionId}", null, _here.Cookie)).Status.ShouldBe(HttpStatusCode.OK);
        SessionsOf(await OpenAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Lists_applications_with_consent_and_takes_it_back()
    {
        await Provider.ExecuteAsync(
            "insert into consents (person_id, client_id, scopes, claims, given_at, expires_at) values ($1, 'web', '{openid,email}', '{}', $2, $3)",
            _here.PersonId, Provider.Time.Now, Provider.Time.Now + TimeSpan.FromDays(1));
        var tokens = await Provider.RedeemAsync("web", await _here.AuthorizeAsync("web", "openid offline_access members", verifier: null), verifier: null);
        var page = await OpenAsync();
        page.Body.ShouldContain("Example web application");

        var done = await Provider.Client.SubmitAsync(page, "/account", Form.Of(("action", "withdraw"), ("client", "web")), _here.Cookie);

        (await Provider.Client.GetPageAsync(done.Location!, null, _here.Cookie)).Body.ShouldContain("has no access any more");
        (await OpenAsync()).Body.ShouldContain("You have not allowed any application");
        (await Provider.RefreshAsync("web", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await Provider.Client.SubmitAsync(page, "/account", Form.Of(("action", "withdraw"), ("client", "nobody")), _here.Cookie)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Speaks_both_languages()
    {
        (await Provider.Client.GetPageAsync("/account?language=zh-CN", null, _here.Cookie)).Body.ShouldContain("已登录的设备");
        (await Provider.Client.GetPageAsync("/account?language=en", null, _here.Cookie)).Body.ShouldContain("Where you are signed in");
    }

    private Task<Page> OpenAsync() => Provider.Client.GetPageAsync("/account", null, _here.Cookie);

    private Task<Page> EndAsync(Page page, string sessionId) =>
        Provider.Client.SubmitAsync(page, "/account", Form.Of(("action", "end"), ("session", sessionId)), _here.Cookie);

    private static IReadOnlyList<string> SessionsOf(Page page) =>
        [.. System.Text.RegularExpressions.Regex.Matches(page.Body, "data-session=\"([^\"]*)\"").Select(match => match.Groups[1].Value)];
}
