using System.Net;
using Harness;
using ProviderHarness;

namespace Flows;

/// <summary>What a logout takes along and leaves standing; the certification plan itself is in tests/Conformance.</summary>
public sealed class RpInitiatedLogoutTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>, IAsyncLifetime
{
    private static readonly string State = string.Concat(Enumerable.Repeat("aZ0-._~ +%&=äö状", 8));

    private SignedIn _person = null!;
    private TokenAnswer _tokens = null!;

    private Provider Provider => fixture.Provider;

    private string Registered => $"http://localhost:{new Uri(Provider.Issuer).Port + 3}/";

    private Form Valid => Form.Of(("id_token_hint", _tokens["id_token"]!), ("post_logout_redirect_uri", Registered), ("state", State));

    public async Task InitializeAsync()
    {
        _person = await SignedIn.AsAsync(Provider, "alice@example.com");
        _tokens = await Provider.RedeemAsync("storefront", await _person.AuthorizeAsync("storefront", "openid offline_access members"));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Ends_session_and_tokens_and_returns_with_any_state(string method)
    {
        var answer = method == "GET" ? await LogOutAsync(Valid) : await Provider.Client.PostPageAsync("/connect/endsession", Valid, _person.Cookie);

        answer.Status.ShouldBe(HttpStatusCode.SeeOther);
        answer.Location!.ShouldStartWith(Registered + "?state=");
        answer.Location.Count(character => character is '&' or '?').ShouldBe(1);
        answer.Redirected("state").ShouldBe(State);
        answer.SetCookies.ShouldContain("identity.session=");
        await ShouldBeSignedOutAsync();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("../")]
    [InlineData("#")]
    public async Task Asks_and_ends_nothing_for_an_address_that_is_not_registered(string added) => await ShouldAskAsync(Valid.With("post_logout_redirect_uri", Registered + added));

    [Fact]
    public async Task Asks_and_ends_nothing_for_a_hint_whose_signature_was_taken_off() =>
        await ShouldAskAsync(Valid.With("id_token_hint", $"eyJhbGciOiJub25lIn0.{_tokens["id_token"]!.Split('.')[1]}."));

    [Fact]
    public async Task Asks_and_ends_nothing_without_a_hint() => await ShouldAskAsync(Valid.Without("id_token_hint"));

    [Fact]
    public async Task Ends_the_session_when_asked_without_parameters_and_told_yes()
    {
        var question = await ShouldAskAsync(Form.Of());

        var done = await Provider.Client.SubmitAsync(question, "/log-out", Form.Of(), _person.Cookie);

        await ShouldSaySignedOutAsync(done);
    }

    [Fact]
    public async Task Ends_the_session_and_stays_when_no_address_was_sent() => await ShouldSaySignedOutAsync(await LogOutAsync(Valid.Without("post_logout_redirect_uri")));

    [Fact]
    public async Task Ends_the_session_and_returns_without_a_state()
    {
        (await LogOutAsync(Valid.Without("state"))).Location.ShouldBe(Registered);

        await ShouldBeSignedOutAsync();
    }

    [Fact]
    public async Task Ends_the_session_when_asked_with_a_state_alone_and_told_yes()
    {
        var question = await ShouldAskAsync(Form.Of(("state", State)));

        await ShouldSaySignedOutAsync(await Provider.Client.SubmitAsync(question, "/log-out", Form.Of(("state", question.Field("state"))), _person.Cookie));
    }

    [Fact]
    public async Task Asks_and_ends_nothing_for_an_address_with_a_query_added() => await ShouldAskAsync(Valid.With("post_logout_redirect_uri", Registered + "?foo=bar"));

    [Fact]
    public async Task Asks_and_ends_nothing_for_a_hint_that_somebody_else_signed()
    {
        // Signed by a key of somebody's own, with issuer and audience swapped.
        var forged = Jose.Jwt.Sign(
            Jose.SigningKey.Create("RS256"), "JWT",
            System.Text.Encoding.UTF8.GetBytes($$"""{"iss":"storefront","aud":"{{Provider.Issuer}}","sub":"{{_person.PersonId}}","sid":"{{_person.SessionId}}","iat":1,"exp":9999999999}"""));

        await ShouldAskAsync(Valid.With("id_token_hint", forged));
    }

    [Fact]
    public async Task A_client_that_names_itself_without_a_hint_gets_the_person_back_once_they_agree()
    {
        var request = Valid.Without("id_token_hint").With("client_id", "storefront");
        var question = await LogOutAsync(request);
        (question.Status, question.Location).ShouldBe((HttpStatusCode.OK, null));

        var done = await Provider.Client.SubmitAsync(question, "/log-out", request, _person.Cookie);

        done.Location!.ShouldStartWith(Registered + "?state=");
        done.Redirected("state").ShouldBe(State);
        await ShouldBeSignedOutAsync();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task The_question_speaks_the_language_that_was_asked_for(string method)
    {
        var form = Form.Of(("ui_locales", "zh-CN"));

        var question = method == "GET" ? await LogOutAsync(form) : await Provider.Client.PostPageAsync("/connect/endsession", form, _person.Cookie);

        question.Body.ShouldContain("要退出登录吗？");
    }

    [Fact]
    public async Task A_hint_from_before_the_person_signed_in_again_in_the_same_browser_still_signs_out()
    {
        var later = await SignedIn.AsAsync(Provider, "alice@example.com");
        await Provider.ExecuteAsync("update sessions set replaced_by = $2 where id = $1", _person.SessionId, later.SessionId);

        (await Provider.Client.GetPageAsync("/connect/endsession", Valid, later.Cookie)).Status.ShouldBe(HttpStatusCode.SeeOther);

        (await Provider.CountAsync("select count(*) from sessions where id in ($1, $2) and ended_reason = 'logout'", _person.SessionId, later.SessionId)).ShouldBe(2);
    }

    private Task<Page> LogOutAsync(Form form) => Provider.Client.GetPageAsync("/connect/endsession", form, _person.Cookie);

    private async Task<Page> ShouldAskAsync(Form form)
    {
        var question = await LogOutAsync(form);
        (question.Status, question.Location).ShouldBe((HttpStatusCode.OK, null));
        question.Body.ShouldContain("action=\"/log-out\"");
        question.Body.ShouldNotContain("attacker");
        (await Provider.UserInfoAsync(_tokens.AccessToken)).Succeeded.ShouldBeTrue();
        (await AuthorizeAsync()).Redirected("code").ShouldNotBeNull();
        return question;
    }

    private async Task ShouldSaySignedOutAsync(Page answer)
    {
        answer.Location!.ShouldStartWith("/log-out");
        (await Provider.Client.GetPageAsync(answer.Location!)).Body.ShouldContain("You are signed out");
        await ShouldBeSignedOutAsync();
    }

    private async Task ShouldBeSignedOutAsync()
    {
        (await AuthorizeAsync()).Redirected("error").ShouldBe("login_required");
        (await Provider.UserInfoAsync(_tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Provider.RefreshAsync("storefront", _tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    private Task<Page> AuthorizeAsync() => Provider.Client.GetPageAsync(
        "/connect/authorize",
        Form.Of(("client_id", "storefront"), ("redirect_uri", SignedIn.RedirectUriOf(Provider, "storefront")), ("response_type", "code"), ("scope", "openid"), ("prompt", "none"),
            ("code_challenge", Proof.ChallengeOf(Proof.Verifier)), ("code_challenge_method", "S256")),
        _person.Cookie);
}
