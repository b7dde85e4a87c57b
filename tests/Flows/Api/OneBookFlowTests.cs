using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary>OneBook's flow chart (its section 4), edge by edge, through the JSON API.</summary>
public sealed class OneBookFlowTests(PagedProvider pages) : ApiTest(pages)
{
    // R2 → R3 → R4 → R5 → R6 → R7 → R8 → HOME, the password given at the first step.
    [Fact]
    public async Task A_password_then_a_code_makes_an_account_and_signs_in()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());

        var asked = await visitor.PostAsync("/api/auth/signup", new { email, password = Password });
        (asked["expiresIn"], asked["resendAfter"]).ShouldBe(("300", "60"));
        (await CountAsync(email)).ShouldBe(0);
        var answer = await VerifyAsync(visitor, asked, email, "signup_password", await Pages.CodeAsync(email));

        ShouldBeSignedIn(answer, email, hasPassword: true);
        await ShouldReachHomeAsync(answer, email);
        (await NewProgram().PostAsync("/api/auth/login", new { email, password = Password })).Status.ShouldBe(HttpStatusCode.OK);
    }

    // The same edge with the password at the last step, as OneBook's field list has it.
    [Fact]
    public async Task A_code_and_a_password_together_make_an_account()
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var asked = await AskAsync(visitor, email, "signup_password");

        var answer = await visitor.PostAsync("/api/auth/otp/verify",
            new { challengeId = asked.ChallengeId, email, purpose = "signup_password", code = await Pages.CodeAsync(email), password = Password });

        ShouldBeSignedIn(answer, email, hasPassword: true);
    }

    // R3 → R9 → R10 → R11 → R8 → HOME
    [Fact]
    public async Task A_code_alone_makes_an_account_without_a_password()
    {
        var visitor = NewProgram();

        var (email, answer) = await SignUpAsync(visitor);

        ShouldBeSignedIn(answer, email, hasPassword: false);
        await ShouldReachHomeAsync(answer, email);
    }

    // B → L1 → L2 → L3 → L3a → L3b → L3c → HOME, for accounts with and without a password.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_code_signs_in_whoever_has_an_account(bool withPassword)
    {
        var (email, _) = withPassword ? await SignUpWithPasswordAsync(NewProgram()) : await SignUpAsync(NewProgram());
        Wait();

        var answer = await ProveAsync(NewProgram(), email, "login_otp");

        ShouldBeSignedIn(answer, email, withPassword);
        await ShouldReachHomeAsync(answer, email);
    }

    // L2 → L4 → L4a → L4b → L4c → HOME
    [Theory]
    [InlineData("email")]
    [InlineData("identifier")]
    [InlineData("phone")]
    public async Task A_password_signs_in_whoever_has_one(string by)
    {
        var answer = await NewProgram().PostAsync("/api/auth/login", new Dictionary<string, string>
        {
            [by] = by == "phone" ? "138 0013 8010" : " ALICE@example.com ",
            ["password"] = AlicePassword,
        });

        ShouldBeSignedIn(answer, Alice, hasPassword: true);
    }

    // L4a → L4d → L3
    [Fact]
    public async Task An_account_without_a_password_is_sent_to_the_code()
    {
        var (email, _) = await SignUpAsync(NewProgram());
        Wait();

        (await NewProgram().PostAsync("/api/auth/login", new { email, password = Password })).ShouldBe(403, "AUTH_PASSWORD_NOT_SET");

        ShouldBeSignedIn(await ProveAsync(NewProgram(), email, "login_otp"), email, hasPassword: false);
    }

    // B, taken wrongly: a sign-in of an address nobody has becomes a sign-up without another mail.
    [Theory]
    [InlineData(null)]
    [InlineData(Password)]
    public async Task A_sign_in_of_an_address_nobody_has_can_become_its_account(string? password)
    {
        var (visitor, email) = (NewProgram(), Pages.NewAddress());
        var proven = await ProveAsync(visitor, email, "login_otp");
        proven.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["registrationToken"]);

        var answer = await visitor.PostAsync("/api/auth/signup", new { registrationToken = proven["registrationToken"], password, name = "Guest" });

        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        ShouldBeSignedIn(answer, email, password is not null, HttpStatusCode.Created);
        answer.Body.GetProperty("user").GetProperty("name").GetString().ShouldBe("Guest");
        (await visitor.PostAsync("/api/auth/signup", new { registrationToken = proven["registrationToken"] })).ShouldBe(400, "AUTH_OTP_CHALLENGE_INVALID");
    }

    // HOME → P1 → P2 → P3 → P5
    [Fact]
    public async Task Whoever_has_no_password_sets_one_without_naming_an_old_one()
    {
        var visitor = NewProgram();
        var (email, answer) = await SignUpAsync(visitor);
        visitor.Bearer = answer.Token;

        (await visitor.PostAsync("/api/users/me/password", new { newPassword = Password })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await NewProgram().PostAsync("/api/auth/login", new { email, password = Password })).Status.ShouldBe(HttpStatusCode.OK);
        await TellsOwnerAsync(email, mails: 2);
    }

    // HOME → P1 → P2 → P4 → P5
    [Fact]
    public async Task Whoever_has_a_password_names_it_to_change_it_and_other_sessions_end()
    {
        var (here, elsewhere) = (NewProgram(), NewProgram());
        var (email, answer) = await SignUpWithPasswordAsync(here);
        var other = await elsewhere.PostAsync("/api/auth/login", new { email, password = Password });
        (here.Bearer, elsewhere.Bearer) = (answer.Token, other.Token);

        (await here.PostAsync("/api/users/me/password", new { newPassword = "Another-walk-8" })).ShouldRefuse("currentPassword");
        (await here.PostAsync("/api/users/me/password", new { currentPassword = "not-the-password", newPassword = "Another-walk-8" })).ShouldBe(401, "AUTH_INVALID_CREDENTIALS");
        (await here.PostAsync("/api/users/me/password", new { currentPassword = Password, newPassword = "Another-walk-8" })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await here.MeAsync()).Status.ShouldBe(HttpStatusCode.OK);
        (await elsewhere.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
        (await elsewhere.PostAsync("/api/auth/refresh", new { refreshToken = other.RefreshToken })).ShouldBe(401, "AUTH_REFRESH_INVALID");
        (await NewProgram().PostAsync("/api/auth/login", new { email, password = Password })).ShouldBe(401, "AUTH_INVALID_CREDENTIALS");
        (await NewProgram().PostAsync("/api/auth/login", new { email, password = "Another-walk-8" })).Status.ShouldBe(HttpStatusCode.OK);
    }

    // T1 → T2 → T3 → T4 → T5 → T1, then T4 → T6
    [Fact]
    public async Task An_expired_token_is_refreshed_until_the_session_is_over()
    {
        var visitor = NewProgram();
        var (email, answer) = await SignUpAsync(visitor);
        visitor.Bearer = answer.Token;
        (await visitor.MeAsync()).Status.ShouldBe(HttpStatusCode.OK);

        Provider.Time.Advance(TimeSpan.FromMinutes(11));
        (await visitor.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
        var refreshed = await visitor.PostAsync("/api/auth/refresh", new { refreshToken = answer.RefreshToken });
        visitor.Bearer = refreshed.Token;
        (await visitor.MeAsync())["email"].ShouldBe(email);
        refreshed.RefreshToken.ShouldNotBe(answer.RefreshToken);

        (await visitor.PostTextAsync("/api/auth/logout", "")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await visitor.PostAsync("/api/auth/refresh", new { refreshToken = refreshed.RefreshToken })).ShouldBe(401, "AUTH_REFRESH_INVALID");
        (await visitor.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
    }

    // The SaaS specification's way (seeds/004): send-code, register, and a forgotten password.
    [Fact]
    public async Task A_code_by_send_code_registers_and_another_resets_the_password()
    {
        var (browser, email) = (NewBrowser(), Pages.NewAddress());
        (await browser.PostAsync("/api/auth/send-code", new { email, type = "EMAIL_REGISTER" })).Status.ShouldBe(HttpStatusCode.OK);
        var registered = await browser.PostAsync("/api/auth/register", new { email, code = await Pages.CodeAsync(email), password = Password, name = "访客" });
        ShouldBeSignedIn(registered, email, hasPassword: true, HttpStatusCode.Created);

        Wait();
        var other = NewProgram();
        var sent = await other.PostAsync("/api/auth/send-code", new { email, type = "PASSWORD_RESET" });
        var reset = await other.PostAsync("/api/auth/reset-password",
            new { email, code = await Pages.CodeAsync(email, 2), newPassword = "Another-walk-8", challengeId = sent.ChallengeId });

        reset.Status.ShouldBe(HttpStatusCode.NoContent, reset.Text);
        (await browser.MeAsync()).ShouldBe(401, "AUTH_UNAUTHENTICATED");
        (await NewProgram().PostAsync("/api/auth/login", new { email, password = "Another-walk-8" })).Status.ShouldBe(HttpStatusCode.OK);
        await TellsOwnerAsync(email, mails: 3);
    }

    private static void ShouldBeSignedIn(ApiReply answer, string email, bool hasPassword, HttpStatusCode status = HttpStatusCode.OK)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.Header("Cache-Control").ShouldBe("no-store");
        answer.Body.EnumerateObject().Select(member => member.Name).ShouldBe(["token", "refreshToken", "expiresIn", "user"]);
        answer["expiresIn"].ShouldBe("600");
        var user = answer.Body.GetProperty("user");
        user.EnumerateObject().Select(member => member.Name).ShouldBe(["id", "email", "emailVerified", "phone", "phoneVerified", "name", "avatarUrl", "hasPassword", "roles"]);
        (user.GetProperty("email").GetString(), user.GetProperty("emailVerified").GetBoolean(), user.GetProperty("hasPassword").GetBoolean()).ShouldBe((email, true, hasPassword));

        var token = DatabaseLooks.PayloadOf(answer.Token);
        token.GetProperty("aud").EnumerateArray().Select(name => name.GetString()).ShouldBe(["identity", "members"]);
        (token.GetProperty("client_id").GetString(), token.GetProperty("scope").GetString()).ShouldBe(("first-party", "openid profile email phone offline_access members"));
        token.GetProperty("sub").GetString().ShouldBe(user.GetProperty("id").GetString());
        token.GetProperty("acr").GetString().ShouldBe("urn:identity:acr:1fa");
    }

    private async Task ShouldReachHomeAsync(ApiReply answer, string email) =>
        (await new ApiVisitor(Provider, null) { Bearer = answer.Token }.MeAsync())["email"].ShouldBe(email);

    private async Task TellsOwnerAsync(string email, int mails)
    {
        for (var i = 0; i < 200 && Pages.Mails(email).Count < mails; i++)
        {
            await Task.Delay(25);
        }

        Pages.Mails(email)[0].Content.Text!.ShouldContain("was just set or changed");
    }

    private Task<long> CountAsync(string email) => Provider.CountAsync("select count(*) from people where normalized_email = $1", email);
}
