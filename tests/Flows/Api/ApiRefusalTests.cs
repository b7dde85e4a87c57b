using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary>Every refusal of the JSON API's table that the flow chart does not pass, and what it must not do besides.</summary>
public sealed class ApiRefusalTests(PagedProvider pages) : ApiTest(pages)
{
    [Fact]
    public async Task Refuses_a_wrong_code_five_times_and_then_does_not_judge()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var asked = await AskAsync(visitor, email, "login_otp");
        var code = await Pages.CodeAsync(email);

        for (var i = 0; i < 5; i++)
        {
            (await VerifyAsync(visitor, asked, email, "login_otp", PagedProvider.Other(code))).ShouldBe(400, "AUTH_OTP_CODE_INVALID");
        }

        (await VerifyAsync(visitor, asked, email, "login_otp", code)).ShouldBe(429, "AUTH_OTP_VERIFY_RATE_LIMITED");
    }

    [Fact]
    public async Task Refuses_a_code_that_is_too_old()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var asked = await AskAsync(visitor, email, "login_otp");
        var code = await Pages.CodeAsync(email);
        Provider.Time.Advance(TimeSpan.FromMinutes(5));

        (await VerifyAsync(visitor, asked, email, "login_otp", code)).ShouldBe(400, "AUTH_OTP_CODE_EXPIRED");
    }

    [Fact]
    public async Task Refuses_a_code_that_was_used()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var asked = await AskAsync(visitor, email, "signup_otp");
        var code = await Pages.CodeAsync(email);
        (await VerifyAsync(visitor, asked, email, "signup_otp", code)).Status.ShouldBe(HttpStatusCode.OK);

        (await VerifyAsync(visitor, asked, email, "signup_otp", code)).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
    }

    [Theory]
    [InlineData("signup_otp", "login_otp")]
    [InlineData("login_otp", "signup_otp")]
    [InlineData("signup_otp", "signup_password")]
    [InlineData("signup_password", "signup_otp")]
    public async Task Refuses_a_challenge_of_another_purpose(string asked, string used)
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var challenge = await AskAsync(visitor, email, asked);
        var code = await Pages.CodeAsync(email);

        (await visitor.PostAsync("/api/auth/otp/verify", new { challengeId = challenge.ChallengeId, email, purpose = used, code, password = Password })).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");

        // And it stays as good as it was.
        (await visitor.PostAsync("/api/auth/otp/verify", new { challengeId = challenge.ChallengeId, email, purpose = asked, code, password = Password })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refuses_a_challenge_of_another_address()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var asked = await AskAsync(visitor, email, "login_otp");

        (await VerifyAsync(visitor, asked, Pages.NewAddress(), "login_otp", await Pages.CodeAsync(email))).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
    }

    [Fact]
    public async Task Refuses_a_challenge_of_another_browser()
    {
        var (browser, email) = (NewBrowser(), Pages.NewAddress());
        await AskAsync(browser, Pages.NewAddress(), "login_otp");
        browser.Cookies.ContainsKey("identity.browser").ShouldBeTrue();
        var asked = await AskAsync(browser, email, "login_otp");
        var code = await Pages.CodeAsync(email);

        var other = NewBrowser();
        await AskAsync(other, Pages.NewAddress(), "login_otp");
        (await VerifyAsync(other, asked, email, "login_otp", code)).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
        (await VerifyAsync(NewProgram(), asked, email, "login_otp", code)).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
        (await VerifyAsync(browser, asked, email, "login_otp", code)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refuses_a_challenge_of_a_page()
    {
        var (visitor, email) = (NewVisitor(), Pages.NewAddress());
        await visitor.AskForCodeAsync(email);
        var code = await Pages.CodeAsync(email);

        (await NewProgram().PostAsync("/api/auth/otp/verify", new { challengeId = "ch_" + new string('A', 43), email, purpose = "login_otp", code })).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
    }

    [Fact]
    public async Task Sends_one_code_a_minute_to_an_address_whichever_call_asks()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        (await AskAsync(visitor, email, "login_otp")).Status.ShouldBe(HttpStatusCode.OK);

        (await AskAsync(visitor, email, "signup_otp")).ShouldBe(429, "AUTH_OTP_SEND_RATE_LIMITED").Header("Retry-After").ShouldBe("60");
        (await visitor.PostAsync("/api/auth/send-code", new { email, type = "PASSWORD_RESET" })).ShouldBe(429, "AUTH_OTP_SEND_RATE_LIMITED");
        (await visitor.PostAsync("/api/auth/signup", new { email, password = Password })).ShouldBe(429, "AUTH_OTP_SEND_RATE_LIMITED");
    }

    [Fact]
    public async Task Counts_sends_and_guesses_together_with_the_pages_and_with_another_node()
    {
        await using var second = await Provider.StartSecondNodeAsync();
        var elsewhere = new ApiVisitor(Provider, null) { Client = second.Client };
        var (page, email) = (NewVisitor(), Pages.NewAddress());
        var waiting = await page.AskForCodeAsync(email);
        (await AskAsync(elsewhere, email, "login_otp")).ShouldBe(429, "AUTH_OTP_SEND_RATE_LIMITED");

        // Five on the page, five at the other node: the address's ten.
        var wrong = PagedProvider.Other(await Pages.CodeAsync(email));
        for (var i = 0; i < 5; i++)
        {
            await page.PostAsync(waiting, ("code", wrong));
        }

        Wait();
        var asked = await AskAsync(elsewhere, email, "login_otp");
        var code = await Pages.CodeAsync(email, 2);
        for (var i = 0; i < 5; i++)
        {
            (await VerifyAsync(elsewhere, asked, email, "login_otp", PagedProvider.Other(code))).ShouldBe(400, "AUTH_OTP_CODE_INVALID");
        }

        Wait();
        var here = NewProgram();
        var last = await AskAsync(here, email, "login_otp");
        (await VerifyAsync(here, last, email, "login_otp", await Pages.CodeAsync(email, 3))).ShouldBe(429, "AUTH_OTP_VERIFY_RATE_LIMITED");
    }

    [Fact]
    public async Task Makes_one_session_of_a_hundred_right_codes_at_once()
    {
        var email = Pages.NewAddress();
        await SignUpAsync(NewProgram(), email);
        var sessions = await SessionsAsync(email);
        Wait();
        var asked = await AskAsync(NewProgram(), email, "login_otp");
        var code = await Pages.CodeAsync(email, 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => VerifyAsync(NewProgram(), asked, email, "login_otp", code)));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer["code"] == "AUTH_OTP_CHALLENGE_INVALID").ShouldBe(99);
        (await SessionsAsync(email)).ShouldBe(sessions + 1);
    }

    [Fact]
    public async Task Makes_one_account_of_a_registration_token_used_fifty_times_at_once()
    {
        var email = Pages.NewAddress();
        var token = (await ProveAsync(NewProgram(), email, "login_otp"))["registrationToken"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => NewProgram().PostAsync("/api/auth/signup", new { registrationToken = token })));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer["code"] == "AUTH_OTP_CHALLENGE_INVALID").ShouldBe(49);
    }

    [Fact]
    public async Task Refuses_a_registration_token_after_ten_minutes()
    {
        var token = (await ProveAsync(NewProgram(), Pages.NewAddress(), "login_otp"))["registrationToken"];
        Provider.Time.Advance(TimeSpan.FromMinutes(10));

        (await NewProgram().PostAsync("/api/auth/signup", new { registrationToken = token })).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
    }

    [Fact]
    public async Task Tells_of_an_existing_account_only_who_has_proven_the_address()
    {
        var (email, _) = await SignUpWithPasswordAsync(NewProgram());
        Wait();
        var visitor = NewProgram();

        var asked = await visitor.PostAsync("/api/auth/signup", new { email, password = "Another-walk-8" });
        asked.Status.ShouldBe(HttpStatusCode.OK);
        (await VerifyAsync(visitor, asked, email, "signup_password", await Pages.CodeAsync(email, 2))).ShouldBe(409, "AUTH_ACCOUNT_EXISTS");

        // Its password is the one it had.
        (await visitor.PostAsync("/api/auth/login", new { email, password = Password })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("short-7")]
    [InlineData("password1")]
    [InlineData("12345678")]
    public async Task Refuses_a_weak_password_wherever_one_is_chosen(string weak)
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        (await visitor.PostAsync("/api/auth/signup", new { email, password = weak })).ShouldBe(422, "AUTH_PASSWORD_TOO_WEAK");
        var asked = await visitor.PostAsync("/api/auth/send-code", new { email, type = "EMAIL_REGISTER" });
        var code = await Pages.CodeAsync(email);
        var challengeId = asked.ChallengeId;
        (await visitor.PostAsync("/api/auth/register", new { email, code, password = weak, challengeId })).ShouldBe(422, "AUTH_PASSWORD_TOO_WEAK");

        // The code was not spent on it.
        var registered = await visitor.PostAsync("/api/auth/register", new { email, code, password = Password, challengeId });
        registered.Status.ShouldBe(HttpStatusCode.Created, registered.Text);
        visitor.Bearer = registered.Token;
        (await visitor.PostAsync("/api/users/me/password", new { currentPassword = Password, newPassword = weak })).ShouldBe(422, "AUTH_PASSWORD_TOO_WEAK");
    }

    [Fact]
    public async Task Refuses_a_password_that_is_not_the_one_the_challenge_was_made_with()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var asked = await visitor.PostAsync("/api/auth/signup", new { email, password = Password });
        var code = await Pages.CodeAsync(email);
        var body = new { challengeId = asked.ChallengeId, email, purpose = "signup_password", code };

        (await visitor.PostAsync("/api/auth/otp/verify", new { body.challengeId, body.email, body.purpose, body.code, password = "Another-walk-8" })).ShouldRefuse("password");
        (await visitor.PostAsync("/api/auth/otp/verify", new { body.challengeId, body.email, body.purpose, body.code, password = Password })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Locks_an_account_after_five_wrong_passwords_here_and_on_the_page()
    {
        var (email, _) = await SignUpWithPasswordAsync(NewProgram());
        for (var i = 0; i < 5; i++)
        {
            (await NewProgram().PostAsync("/api/auth/login", new { email, password = "not-the-password" })).ShouldBe(401, "AUTH_INVALID_CREDENTIALS");
        }

        (await NewProgram().PostAsync("/api/auth/login", new { email, password = Password })).ShouldBe(429, "AUTH_ACCOUNT_LOCKED").Header("Retry-After").ShouldBe("900");
    }

    [Fact]
    public async Task A_disabled_person_looks_like_a_wrong_password()
    {
        const string Dave = "dave@example.com";

        var disabled = await NewProgram().PostAsync("/api/auth/login", new { email = Dave, password = AlicePassword });
        var wrong = await NewProgram().PostAsync("/api/auth/login", new { email = Alice, password = "not-the-password" });

        disabled.ShouldBe(401, "AUTH_INVALID_CREDENTIALS");
        disabled["error"].ShouldBe(wrong["error"]);
        (await ProveAsync(NewProgram(), Dave, "login_otp")).ShouldBe(401, "AUTH_INVALID_CREDENTIALS")["error"].ShouldBe(wrong["error"]);
    }

    [Fact]
    public async Task Whoever_is_disabled_meanwhile_has_nothing_left()
    {
        var visitor = NewProgram();
        var (email, answer) = await SignUpAsync(visitor);
        visitor.Bearer = answer.Token;
        await Provider.ExecuteAsync("update people set disabled_at = $2 where normalized_email = $1", email, Provider.Time.Now);

        (await visitor.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
        (await visitor.PostTextAsync("/api/auth/session", "")).ShouldBe(401, "AUTH_UNAUTHENTICATED");
        (await visitor.PostAsync("/api/auth/refresh", new { refreshToken = answer.RefreshToken })).ShouldBe(401, "AUTH_REFRESH_INVALID");
    }

    [Fact]
    public async Task Refuses_a_first_password_ten_minutes_after_the_sign_in()
    {
        var visitor = NewProgram();
        var (_, answer) = await SignUpAsync(visitor);
        Provider.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        visitor.Bearer = (await visitor.PostAsync("/api/auth/refresh", new { refreshToken = answer.RefreshToken })).Token;

        (await visitor.PostAsync("/api/users/me/password", new { newPassword = Password })).ShouldBe(401, "AUTH_REAUTH_REQUIRED");
    }

    [Theory]
    [InlineData("rt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("ac_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nothing")]
    public async Task Refuses_a_refresh_token_that_is_none(string token) =>
        (await NewProgram().PostAsync("/api/auth/refresh", new { refreshToken = token })).ShouldBe(401, "AUTH_REFRESH_INVALID");

    [Fact]
    public async Task Refuses_the_refresh_token_of_another_client()
    {
        var alice = await SignedIn.AsAsync(Provider, Alice);
        var tokens = await Provider.RedeemAsync("storefront", await alice.AuthorizeAsync("storefront", "openid offline_access"));

        (await NewProgram().PostAsync("/api/auth/refresh", new { refreshToken = tokens.RefreshToken })).ShouldBe(401, "AUTH_REFRESH_INVALID");
        (await Provider.RefreshAsync("storefront", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    private PageVisitor NewVisitor() => Pages.NewVisitor();

    private async Task SignUpAsync(ApiVisitor visitor, string email) => (await ProveAsync(visitor, email, "signup_otp")).Status.ShouldBe(HttpStatusCode.OK);

    private Task<long> SessionsAsync(string email) =>
        Provider.CountAsync("select count(*) from sessions s join people p on p.id = s.person_id where p.normalized_email = $1", email);
}
