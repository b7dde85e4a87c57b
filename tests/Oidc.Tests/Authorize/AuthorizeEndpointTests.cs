using Microsoft.AspNetCore.Http;

namespace Oidc.Tests;

/// <summary>The authorization endpoint over HTTP: methods, media types, redirects, the form that posts itself.</summary>
public sealed class AuthorizeEndpointTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public void Dispose() => _provider.Dispose();

    // RFC 9700 §4.12: 303, so that a POST is never repeated elsewhere.
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Redirects_with_303_and_leaves_nothing_behind(string method)
    {
        var answer = method == "GET" ? await GetAsync(Flow.Authorize) : await _provider.PostAsync(Endpoints.Authorize, Flow.Authorize);

        answer.Status.ShouldBe(303);
        answer.Redirect.ShouldContainKey("code");
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
        answer.Headers["Referrer-Policy"].ToString().ShouldBe("no-referrer");
        answer.Headers.XContentTypeOptions.ToString().ShouldBe("nosniff");
        answer.Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Escapes_what_it_echoes_into_the_address()
    {
        const string state = "a\r\nSet-Cookie: x=y&code=forged#fragment \"'<>";

        var answer = await GetAsync(Flow.Authorize.With("state", state));

        answer.Location!.ShouldAllBe(character => character > ' ' && character <= '~' && character != '#' && character != '"' && character != '<');
        answer.Redirect["state"].ShouldBe(state);
    }

    [Theory]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("TRACE")]
    [InlineData("OPTIONS")]
    public async Task Serves_GET_and_POST_only(string method)
    {
        var answer = await _provider.SendAsync(method, Endpoints.Authorize, request => request.QueryString = new QueryString("?" + Flow.Authorize));

        answer.ShouldRefuse("invalid_request", 405);
        answer.Headers.Allow.ToString().ShouldBe("GET, POST");
        _provider.Store.CodeCount.ShouldBe(0);
    }

    [Fact]
    public async Task Continues_by_GET_only()
    {
        var answer = await _provider.PostAsync(Endpoints.AuthorizeContinue, Flow.Authorize);

        answer.ShouldRefuse("invalid_request", 405);
        answer.Headers.Allow.ToString().ShouldBe("GET");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded-not")]
    [InlineData(null)]
    public async Task Shows_a_POST_of_another_media_type_as_an_error(string? contentType)
    {
        await _provider.SendAsync("POST", Endpoints.Authorize, request => TestProvider.WriteForm(request, Flow.Authorize.ToString(), contentType!));

        _provider.Browser.ShownError!.Code.ShouldBe("invalid_request");
        _provider.Store.CodeCount.ShouldBe(0);
    }

    [Fact]
    public async Task Reads_a_POST_by_its_body_alone()
    {
        var answer = await _provider.SendAsync("POST", Endpoints.Authorize, request =>
        {
            request.QueryString = new QueryString("?" + Flow.AuthorizeWeb);
            TestProvider.WriteForm(request, Flow.Authorize.ToString());
        });

        answer.Location!.ShouldStartWith("https://app.example/callback?");
    }

    [Fact]
    public async Task Shows_a_body_that_is_too_large_as_an_error()
    {
        var answer = await _provider.PostAsync(Endpoints.Authorize, Flow.Authorize.With("unknown", new string('x', 64 * 1_024)));

        answer.Status.ShouldBe(413);
        _provider.Browser.ShownError!.MayRedirect.ShouldBeFalse();
    }

    // RFC 9700 §4.11: nobody is redirected to an address that is not registered.
    [Theory]
    [InlineData("redirect_uri", "https://attacker.example/")]
    [InlineData("client_id", "unknown")]
    public async Task Shows_an_error_that_must_not_be_redirected(string name, string value)
    {
        foreach (var form in new[] { Flow.Authorize, Flow.Authorize.With("prompt", "none"), Flow.Authorize.With("response_mode", "form_post") })
        {
            var answer = await GetAsync(form.With(name, value));

            (answer.Status, answer.Location, answer.Body).ShouldBe((400, null, "error"));
        }
    }

    [Fact]
    public async Task Tells_the_error_page_which_application_it_was()
    {
        await GetAsync(Flow.Authorize.With("redirect_uri", "https://attacker.example/"));

        _provider.Browser.ShownClient!.Id.ShouldBe("spa");
    }

    [Fact]
    public async Task Says_of_a_request_that_is_not_kept_that_it_is_lost()
    {
        var answer = await _provider.GetAsync(Endpoints.AuthorizeContinue);

        (answer.Status, answer.Body).ShouldBe((410, "lost"));
    }

    [Fact]
    public async Task Judges_a_kept_request_anew()
    {
        _provider.Browser.Session = null;
        await GetAsync(Flow.Authorize);
        _provider.Configuration.Put(TestConfiguration.Spa with { RedirectUris = TestConfiguration.Set("https://app.example/new") });
        _provider.Browser.Session = TestPeople.SessionOf(TestPeople.Alice, _provider.Time.Now);

        (await _provider.GetAsync(Endpoints.AuthorizeContinue)).Body.ShouldBe("error");
        _provider.Store.CodeCount.ShouldBe(0);
    }

    // OAuth 2.0 Form Post Response Mode §2.
    [Fact]
    public async Task Posts_the_answer_as_a_form()
    {
        var answer = await GetAsync(Flow.AuthorizeWeb.With("response_mode", "form_post"));

        answer.Status.ShouldBe(200);
        answer.Location.ShouldBeNull();
        answer.Headers.ContentType.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.CacheControl.ToString().ShouldBe("no-store");
        answer.Body.ShouldContain("""<form method="post" action="https://web.example/callback?tenant=7">""");
        Fields(answer).Keys.ShouldBe(["code", "state", "iss"]);
        Fields(answer)["state"].ShouldBe(Flow.State);
    }

    [Fact]
    public async Task Posts_an_error_as_a_form_too()
    {
        var answer = await GetAsync(Flow.Authorize.With("response_mode", "form_post").With("scope", "unknown"));

        Fields(answer)["error"].ShouldBe("invalid_scope");
        Fields(answer)["iss"].ShouldBe(TestProvider.Issuer);
    }

    // CVE-2018-8899: every echoed value is encoded for HTML.
    [Theory]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("'><img src=x onerror=alert(1)>")]
    [InlineData("</form><form action=https://attacker.example>")]
    [InlineData("&quot;&#34;&lt;")]
    [InlineData("\u2028\u2029\uFEFF")]
    public async Task Lets_nothing_out_of_its_attribute(string state)
    {
        var answer = await GetAsync(Flow.Authorize.With("response_mode", "form_post").With("state", state));

        Fields(answer)["state"].ShouldBe(state);
        answer.Body.Split('<').Length.ShouldBe((await GetAsync(Flow.Authorize.With("response_mode", "form_post"))).Body.Split('<').Length);
    }

    [Fact]
    public async Task Lets_no_script_run_but_its_own()
    {
        var answer = await GetAsync(Flow.Authorize.With("response_mode", "form_post"));

        var script = answer.Body.Split("<script>")[1].Split("</script>")[0];
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(script)));
        answer.Headers.ContentSecurityPolicy.ToString().ShouldBe($"default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'");
    }

    private Task<Answer> GetAsync(Form form) => _provider.GetAsync(Endpoints.Authorize, form);

    private static Dictionary<string, string> Fields(Answer answer) =>
        System.Text.RegularExpressions.Regex.Matches(answer.Body, "<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\">")
            .ToDictionary(match => match.Groups[1].Value, match => System.Net.WebUtility.HtmlDecode(match.Groups[2].Value));
}
