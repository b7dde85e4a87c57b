using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary>The grant <c>urn:identity:grant-type:otp</c>, from asking for a code to its tokens.</summary>
public sealed class OtpGrantTests(PagedProvider pages) : ApiTest(pages)
{
    private const string Grant = "urn:identity:grant-type:otp";

    [Fact]
    public async Task Signs_in_whoever_types_the_code()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();
        var asked = await AskAsync(email, ("ui_locales", "zh-CN"));
        (asked["expires_in"], asked["interval"]).ShouldBe(("300", "60"));
        Pages.Mails(email)[0].Content.Text!.ShouldNotBeEmpty();

        var tokens = await RedeemAsync(asked, await Pages.CodeAsync(email, 2), ("scope", "openid members offline_access"));

        var access = DatabaseLooks.PayloadOf(tokens.AccessToken);
        (access.GetProperty("acr").GetString(), access.GetProperty("amr")[0].GetString()).ShouldBe(("urn:identity:acr:1fa", "otp"));
        var id = DatabaseLooks.PayloadOf(tokens["id_token"]!);
        (id.GetProperty("acr").GetString(), id.GetProperty("amr")[0].GetString()).ShouldBe(("urn:identity:acr:1fa", "otp"));
        tokens["scope"].ShouldBe("openid members offline_access");
        (await Provider.UserInfoAsync(tokens.AccessToken))["sub"].ShouldBe(access.GetProperty("sub").GetString());
        (await Provider.PostAsync("/connect/token", null, ("client_id", "first-party"), ("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken))).Succeeded.ShouldBeTrue();
        (await Provider.CountAsync("select count(*) from sessions where id = $1 and surface = 'grant' and client_id = 'first-party'", access.GetProperty("sid").GetString()!)).ShouldBe(1);
    }

    [Fact]
    public async Task Grants_every_scope_of_the_client_when_none_is_named()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();

        var tokens = await RedeemAsync(await AskAsync(email), await Pages.CodeAsync(email, 2));

        tokens["scope"].ShouldBe("email members offline_access openid phone profile");
    }

    [Fact]
    public async Task Binds_the_tokens_to_the_resource_that_was_named()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();
        var tokens = await RedeemAsync(await AskAsync(email), await Pages.CodeAsync(email, 2), ("resource", "urn:identity:resource:members"));

        DatabaseLooks.PayloadOf(tokens.AccessToken).GetProperty("aud").GetString().ShouldBe("members");
        var refreshed = await Provider.PostAsync("/connect/token", null, ("client_id", "first-party"), ("grant_type", "refresh_token"), ("refresh_token", tokens.RefreshToken));
        DatabaseLooks.PayloadOf(refreshed.AccessToken).GetProperty("aud").GetString().ShouldBe("members");
    }

    [Fact]
    public async Task Refuses_what_is_wrong_with_the_request_before_the_code_is_spent()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();
        var asked = await AskAsync(email);
        var code = await Pages.CodeAsync(email, 2);

        ShouldFail(await RedeemAsync(asked, code, ("scope", "openid leads.read")), 400, "invalid_scope");
        ShouldFail(await RedeemAsync(asked, code, ("resource", "urn:identity:resource:smart-cs")), 400, "invalid_target");
        ShouldFail(await TokenAsync(("code", code)), 400, "invalid_request");
        ShouldFail(await TokenAsync(("challenge_id", asked["challenge_id"]!)), 400, "invalid_request");
        (await RedeemAsync(asked, code)).Succeeded.ShouldBeTrue();
        ShouldFail(await RedeemAsync(asked, code), 400, "invalid_grant");
    }

    [Fact]
    public async Task Refuses_a_wrong_code_and_after_five_the_right_one()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();
        var asked = await AskAsync(email);
        var code = await Pages.CodeAsync(email, 2);
        for (var i = 0; i < 5; i++)
        {
            ShouldFail(await RedeemAsync(asked, PagedProvider.Other(code)), 400, "invalid_grant");
        }

        ShouldFail(await RedeemAsync(asked, code), 400, "invalid_grant");
    }

    [Fact]
    public async Task Refuses_a_code_that_is_too_old()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();
        var asked = await AskAsync(email);
        var code = await Pages.CodeAsync(email, 2);
        Provider.Time.Advance(TimeSpan.FromMinutes(5));

        ShouldFail(await RedeemAsync(asked, code), 400, "invalid_grant");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("dave@example.com")]
    public async Task Refuses_a_right_code_of_nobody_and_of_a_disabled_person_alike(string? disabled)
    {
        var email = disabled ?? Pages.NewAddress();
        var mails = Pages.Mails(email).Count;
        Wait();
        var asked = await AskAsync(email);

        ShouldFail(await RedeemAsync(asked, await Pages.CodeAsync(email, mails + 1)), 400, "invalid_grant");
    }

    [Fact]
    public async Task Refuses_a_challenge_of_the_json_api_and_the_other_way_round()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();
        var json = await ApiTest.AskAsync(NewProgram(), email, "login_otp");
        ShouldFail(await TokenAsync(("challenge_id", json.ChallengeId), ("code", await Pages.CodeAsync(email, 2))), 400, "invalid_grant");
        Wait();

        var grant = await AskAsync(email);
        (await NewProgram().PostAsync("/api/auth/otp/verify", new { challengeId = grant["challenge_id"], email, purpose = "login_otp", code = await Pages.CodeAsync(email, 3) }))
            .ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
    }

    [Fact]
    public async Task Slows_down_who_asks_for_codes_too_often()
    {
        var email = Pages.NewAddress();
        await AskAsync(email);

        var second = await PostAsync(("email", email));

        ShouldFail(second, 429, "slow_down");
        second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(60));
        (await ApiTest.AskAsync(NewProgram(), email, "login_otp")).ShouldBe(429, "AUTH_OTP_SEND_RATE_LIMITED");
    }

    [Fact]
    public async Task Is_there_for_clients_that_registered_it()
    {
        ShouldFail(await Provider.PostAsync("/connect/otp", null, ("client_id", "storefront"), ("email", "a@example.com")), 400, "unauthorized_client");
        ShouldFail(await Provider.PostAsync("/connect/otp", null, ("client_id", "nobody"), ("email", "a@example.com")), 401, "invalid_client");
        ShouldFail(await Provider.TokenAsync("storefront", ("grant_type", Grant), ("challenge_id", "ch_x"), ("code", "123456")), 400, "unauthorized_client");
        (await Provider.Client.GetStringAsync("/.well-known/openid-configuration")).ShouldContain(Grant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-address")]
    [InlineData("a@b")]
    public async Task Refuses_what_is_no_address(string email) => ShouldFail(await PostAsync(("email", email)), 400, "invalid_request");

    [Fact]
    public async Task Answers_posts_only()
    {
        using var answer = await Provider.Client.GetAsync("/connect/otp");

        ((int)answer.StatusCode, answer.Content.Headers.Allow.Single()).ShouldBe((405, "POST"));
    }

    private static void ShouldFail(TokenAnswer answer, int status, string error) => ((int)answer.Status, answer.Error).ShouldBe((status, error), answer.Body.ToString());

    private async Task<TokenAnswer> AskAsync(string email, params (string Name, string Value)[] more)
    {
        var answer = await PostAsync([("email", email), .. more]);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body.ToString());
        return answer;
    }

    private Task<TokenAnswer> PostAsync(params (string Name, string Value)[] parameters) => Provider.PostAsync("/connect/otp", null, [("client_id", "first-party"), .. parameters]);

    private Task<TokenAnswer> TokenAsync(params (string Name, string Value)[] parameters) =>
        Provider.PostAsync("/connect/token", null, [("client_id", "first-party"), ("grant_type", Grant), .. parameters]);

    private Task<TokenAnswer> RedeemAsync(TokenAnswer asked, string code, params (string Name, string Value)[] more) =>
        TokenAsync([("challenge_id", asked["challenge_id"]!), ("code", code), .. more]);
}
