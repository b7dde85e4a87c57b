using Microsoft.AspNetCore.Http;

namespace Oidc.Tests;

/// <summary>
/// OpenID Connect RP-Initiated Logout 1.0: who is signed out at once, who is asked, and who is sent back. The numbers in comments are those of the
/// OpenID Foundation's certification plan for it, in its order.
/// </summary>
public sealed class LogoutEndpointTests : IDisposable
{
    private const string State = "a state: äöü 状态 & more + 100%";

    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    // 2
    [Fact]
    public async Task Signs_out_at_once_and_sends_back_when_the_hint_means_this_session()
    {
        var answer = await LogOutAsync(await RequestAsync());

        answer.Status.ShouldBe(303);
        answer.Location!.ShouldStartWith("https://app.example/?");
        answer.Redirect.ShouldBe(new Dictionary<string, string> { ["state"] = State });
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
        ShouldBeSignedOut();
    }

    [Fact]
    public async Task Takes_a_POST_too()
    {
        var answer = await _provider.PostAsync(Endpoints.EndSession, await RequestAsync());

        (answer.Status, answer.Redirect["state"]).ShouldBe((303, State));
        ShouldBeSignedOut();
    }

    [Fact]
    public async Task Nobody_is_signed_in_afterwards()
    {
        await LogOutAsync(await RequestAsync());

        (await _provider.GetAsync(Endpoints.Authorize, Flow.Authorize.With("prompt", "none"))).Redirect["error"].ShouldBe("login_required");
    }

    // A session that is ended takes its grants along.
    [Fact]
    public async Task Takes_the_tokens_of_the_session_along()
    {
        var tokens = await _provider.SignInAsync();
        await LogOutAsync(Form.Of(("id_token_hint", tokens.IdToken.Text)));

        (await _provider.UserInfoAsync(tokens)).Status.ShouldBe(401);
        (await _provider.TokenAsync(Flow.Refresh(tokens.RefreshToken))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Takes_a_hint_that_expired_long_ago()
    {
        var request = await RequestAsync();
        _provider.Time.Advance(TimeSpan.FromDays(30));

        (await LogOutAsync(request)).Status.ShouldBe(303);
    }

    // 3
    [Theory]
    [InlineData("https://app.example")]
    [InlineData("https://app.example//")]
    [InlineData("https://APP.example/")]
    [InlineData("https://app.example/callback")]
    [InlineData("https://app.example/#")]
    [InlineData("https://app.example.attacker.example/")]
    [InlineData("https://attacker.example/")]
    [InlineData("https://web.example/signed-out?tenant=7")]
    [InlineData("//attacker.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Asks_and_sends_nobody_to_a_URI_that_is_not_registered(string uri)
    {
        var request = await RequestAsync();

        (await LogOutAsync(request.With("post_logout_redirect_uri", uri))).Body.ShouldBe("sign out?");

        ShouldAsk("The post_logout_redirect_uri is not registered for this application.");
    }

    // 4 and 11
    [Theory]
    [InlineData("none")]
    [InlineData("signature")]
    [InlineData("access token")]
    [InlineData("garbage")]
    public async Task Asks_when_the_hint_is_not_one_of_our_ID_tokens(string how)
    {
        var tokens = await _provider.SignInAsync();
        var parts = tokens.IdToken.Text.Split('.');
        var hint = how switch
        {
            "none" => $"eyJhbGciOiJub25lIn0.{parts[1]}.",
            "signature" => $"{parts[0]}.{parts[1]}.{parts[2][..^8]}AAAAAAAA",
            "access token" => tokens.AccessToken.Text,
            _ => "garbage",
        };

        await LogOutAsync((await RequestAsync()).With("id_token_hint", hint));

        ShouldAsk("The id_token_hint is not one of our ID tokens.");
    }

    // 5
    [Fact]
    public async Task Asks_when_there_is_no_hint_and_no_client()
    {
        await LogOutAsync((await RequestAsync()).Without("id_token_hint"));

        ShouldAsk("The request does not say which application it is from.");
    }

    // 6 and 9
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Asks_whoever_comes_with_nothing(bool withState)
    {
        await LogOutAsync(withState ? Form.Of(("state", State)) : Form.Of());

        ShouldAsk(problem: null);
    }

    // 7
    [Fact]
    public async Task Stays_here_without_a_post_logout_redirect_URI()
    {
        var answer = await LogOutAsync((await RequestAsync()).Without("post_logout_redirect_uri"));

        (answer.Status, answer.Location, answer.Body).ShouldBe((200, null, "signed out"));
        _provider.Browser.ShownSignedOut!.Client!.Id.ShouldBe("spa");
        ShouldBeSignedOut();
    }

    // 8
    [Fact]
    public async Task Returns_no_state_when_none_was_sent() => (await LogOutAsync((await RequestAsync()).Without("state"))).Location.ShouldBe("https://app.example/");

    // 10
    [Fact]
    public async Task Asks_when_a_query_was_added_to_the_URI()
    {
        await LogOutAsync((await RequestAsync()).With("post_logout_redirect_uri", "https://app.example/?foo=bar"));

        ShouldAsk("The post_logout_redirect_uri is not registered for this application.");
    }

    [Fact]
    public async Task Keeps_the_query_of_a_registered_URI()
    {
        var hint = (await _provider.SignInToWebAsync()).IdToken.Text;

        var answer = await LogOutAsync(Form.Of(("id_token_hint", hint), ("post_logout_redirect_uri", "https://web.example/signed-out?tenant=7"), ("state", "x")));

        answer.Location.ShouldBe("https://web.example/signed-out?tenant=7&state=x");
    }

    // §2: a client that names itself without proof has the person asked, and gets them back once they agree.
    [Fact]
    public async Task Asks_when_the_client_only_names_itself()
    {
        await LogOutAsync((await RequestAsync()).Without("id_token_hint").With("client_id", "spa"));

        ShouldAsk(problem: null);
        _provider.Browser.AskedToConfirm!.Location.ShouldStartWith("https://app.example/?state=");
    }

    [Fact]
    public async Task Lets_the_client_name_itself_beside_its_hint() => (await LogOutAsync((await RequestAsync()).With("client_id", "spa"))).Status.ShouldBe(303);

    [Theory]
    [InlineData("web")]
    [InlineData("unknown")]
    public async Task Asks_when_hint_and_client_contradict_each_other(string clientId)
    {
        await LogOutAsync((await RequestAsync()).With("client_id", clientId));

        ShouldAsk("The id_token_hint was issued to another application.");
    }

    // A link with somebody's old ID token signs nobody else out.
    [Fact]
    public async Task Asks_when_the_hint_means_another_session_than_this_browser_has()
    {
        var request = await RequestAsync();
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Bob, _provider.Time.Now, "session-2");

        await LogOutAsync(request);

        ShouldAsk(problem: null);
        _provider.Store.IsEnded("session-2").ShouldBeFalse();
    }

    // §2, "a recent session": tokens of before a second sign-in still name the session of then.
    [Fact]
    public async Task Takes_a_hint_for_the_session_that_the_same_person_went_on_from()
    {
        var request = await RequestAsync();
        _provider.Store.Replace("session-1", "session-2");
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Alice, _provider.Time.Now, "session-2");

        (await LogOutAsync(request)).Status.ShouldBe(303);

        _provider.Store.IsEnded("session-2").ShouldBeTrue();
        ShouldBeSignedOut();
    }

    // Such a form brings no cookie, so that the person behind it looks like nobody.
    [Theory]
    [InlineData("client_id")]
    [InlineData("nothing")]
    [InlineData("forged hint")]
    public async Task Asks_whoever_another_sites_form_brings_here_without_proof(string with)
    {
        _provider.Browser.Session = null;
        var form = with switch
        {
            "client_id" => Form.Of(("client_id", "spa"), ("post_logout_redirect_uri", "https://app.example/")),
            "forged hint" => Form.Of(("id_token_hint", "forged")),
            _ => Form.Of(),
        };

        var answer = await _provider.PostAsync(Endpoints.EndSession, form);

        (answer.Status, answer.Body).ShouldBe((200, "sign out?"));
    }

    [Fact]
    public async Task Ends_the_hinted_session_also_when_this_browser_has_forgotten_it()
    {
        var request = await RequestAsync();
        _provider.Browser.Session = null;

        (await LogOutAsync(request)).Status.ShouldBe(303);

        ShouldBeSignedOut();
    }

    [Fact]
    public async Task Sends_back_a_browser_that_has_no_session_at_all()
    {
        _provider.Browser.Session = null;

        (await LogOutAsync(Form.Of(("client_id", "spa"), ("post_logout_redirect_uri", "https://app.example/")))).Location.ShouldBe("https://app.example/");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sends_nobody_to_a_client_that_was_disabled_or_deleted(bool deleted)
    {
        var request = await RequestAsync();
        if (deleted)
        {
            _provider.Configuration.Delete("spa");
        }
        else
        {
            _provider.Configuration.Put(TestConfiguration.Spa with { Enabled = false });
        }

        (await LogOutAsync(request)).Location.ShouldBeNull();
        _provider.Browser.AskedToConfirm!.RedirectUri.ShouldBeNull();
    }

    [Theory]
    [InlineData("state")]
    [InlineData("id_token_hint")]
    [InlineData("post_logout_redirect_uri")]
    [InlineData("unknown")]
    public async Task Asks_when_a_parameter_is_doubled(string name)
    {
        var request = (await RequestAsync()).And(name, "x").And(name, "x");

        await LogOutAsync(request);

        ShouldAsk($"The parameter {name} was sent twice.");
    }

    // What could not be read once is not read another way when the page posts it back.
    [Fact]
    public async Task Gives_the_page_nothing_to_post_back_of_a_request_it_could_not_read()
    {
        await LogOutAsync((await RequestAsync()).And("post_logout_redirect_uri", "https://attacker.example/"));

        _provider.Browser.AskedToConfirm!.Parameters.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reads_what_the_page_posted_back_as_it_was_read_before()
    {
        await LogOutAsync((await RequestAsync()).Without("id_token_hint").With("client_id", "spa"));
        var asked = _provider.Browser.AskedToConfirm!;

        var again = _provider.Get<LogoutEndpoint>().Read(asked.Parameters);

        (again.Location, again.Client, again.Problem).ShouldBe((asked.Location, asked.Client, asked.Problem));
    }

    [Theory]
    [InlineData(2_048, 303)]
    [InlineData(2_049, 200)]
    public async Task Returns_a_state_of_bounded_length(int length, int status) =>
        (await LogOutAsync((await RequestAsync()).With("state", new string('x', length)))).Status.ShouldBe(status);

    [Fact]
    public async Task Asks_after_a_POST_that_is_no_form()
    {
        await _provider.SendAsync("POST", Endpoints.EndSession, request => TestProvider.WriteForm(request, "{}", "application/json"));

        ShouldAsk("The body must be application/x-www-form-urlencoded.");
    }

    [Fact]
    public async Task Shows_a_body_that_is_too_large_as_an_error()
    {
        var answer = await _provider.PostAsync(Endpoints.EndSession, (await RequestAsync()).With("unknown", new string('x', 64 * 1_024)));

        (answer.Status, answer.Body).ShouldBe((413, "error"));
        _provider.Store.IsEnded("session-1").ShouldBeFalse();
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("OPTIONS")]
    public async Task Serves_GET_and_POST_only(string method)
    {
        var request = await RequestAsync();

        var answer = await _provider.SendAsync(method, Endpoints.EndSession, http => http.QueryString = new QueryString("?" + request));

        answer.ShouldRefuse("invalid_request", 405);
        answer.Headers.Allow.ToString().ShouldBe("GET, POST");
        _provider.Store.IsEnded("session-1").ShouldBeFalse();
    }

    [Fact]
    public async Task Logs_why_nobody_was_sent_back_and_nothing_of_the_hint()
    {
        var request = await RequestAsync();

        await LogOutAsync(request.With("post_logout_redirect_uri", "https://attacker.example/"));

        _provider.Log.Lines.ShouldContain(line => line.Contains("Logout of client spa without redirect"));
        _provider.Log.Lines.ShouldNotContain(line => line.Contains(request["id_token_hint"]) || line.Contains("attacker"));
    }

    private async Task<Form> RequestAsync() => Form.Of(
        ("id_token_hint", (await _provider.SignInAsync()).IdToken.Text), ("post_logout_redirect_uri", "https://app.example/"), ("state", State));

    private Task<Answer> LogOutAsync(Form form) => _provider.GetAsync(Endpoints.EndSession, form);

    private void ShouldBeSignedOut()
    {
        _provider.Store.IsEnded("session-1").ShouldBeTrue();
        _provider.Browser.Session.ShouldBeNull();
        _provider.Browser.AskedToConfirm.ShouldBeNull();
    }

    private void ShouldAsk(string? problem)
    {
        _provider.Browser.AskedToConfirm.ShouldNotBeNull().Problem?.Text.ShouldBe(problem);
        (_provider.Browser.AskedToConfirm.Problem is null).ShouldBe(problem is null);
        _provider.Browser.ShownSignedOut.ShouldBeNull();
        _provider.Browser.Session.ShouldNotBeNull();
        _provider.Store.IsEnded("session-1").ShouldBeFalse();
    }
}
