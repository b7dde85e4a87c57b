using System.Globalization;

namespace Oidc.Tests;

/// <summary>What holds on every route: failures, outages, cultures, secrets in logs.</summary>
public sealed class EndpointsTests : IDisposable
{
    private readonly TestProvider _provider = new();

    public static TheoryData<string> Browsed => [Endpoints.Authorize, Endpoints.EndSession];

    public void Dispose() => _provider.Dispose();

    // What a person is looking at is answered with a page.
    [Theory]
    [MemberData(nameof(Browsed))]
    public async Task Shows_a_person_that_the_store_is_away(string path)
    {
        _provider.Store.IsAway = true;

        var answer = await _provider.GetAsync(path, Flow.Authorize);

        (answer.Status, answer.Location, answer.Body).ShouldBe((503, null, "error"));
        _provider.Browser.ShownError!.RetryAfter.ShouldBe(5);
    }

    [Theory]
    [MemberData(nameof(Browsed))]
    public async Task Shows_a_person_of_a_failure_nothing_but_where_to_find_it(string path)
    {
        _provider.Browser.IsBroken = true;

        (await _provider.GetAsync(path, Flow.Authorize)).Status.ShouldBe(500);

        _provider.Browser.ShownError!.Description.ShouldBe("Something failed here. Please report request request-1.");
    }

    [Theory]
    [MemberData(nameof(Browsed))]
    public async Task Answers_in_its_own_words_when_the_page_fails_too(string path)
    {
        (_provider.Browser.IsBroken, _provider.Browser.CannotShow) = (true, true);

        (await _provider.GetAsync(path, Flow.Authorize)).ShouldRefuse("server_error", 500);
    }

    // Turkish has a dotless i, Arabic other digits, German another decimal point.
    [Theory]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("de-DE")]
    [InlineData("th-TH")]
    public async Task Works_under_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var tokens = await _provider.TokensAsync(Flow.Redeem(await _provider.CodeAsync(Flow.Authorize.With("max_age", "600").With("scope", "openid profile offline_access"))));
            (await _provider.UserInfoAsync(tokens)).Status.ShouldBe(200);
            (await _provider.TokensAsync(Flow.ClientCredentials, Flow.MachineCredentials.Replace("Basic", "BASIC"))).AccessToken["exp"].ShouldBe($"{_provider.Time.Now.ToUnixTimeSeconds() + 600}");
            (await _provider.GetAsync(Endpoints.Metadata)).Headers.CacheControl.ToString().ShouldBe("public, max-age=300");
            (await _provider.GetAsync(Endpoints.EndSession, Form.Of(("id_token_hint", tokens.IdToken.Text)))).Status.ShouldBe(200);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // RFC 6819 §4.6.7: nothing that opens a door stands in a log, at any level, whether it was taken or refused.
    [Fact]
    public async Task Logs_no_credential_of_any_kind()
    {
        var code = await _provider.CodeAsync();
        var tokens = await _provider.TokensAsync(Flow.Redeem(code));
        var refreshed = await _provider.TokensAsync(Flow.Refresh(tokens.RefreshToken));
        string[] secrets =
        [
            code, tokens.AccessToken.Text, tokens.IdToken.Text, tokens.RefreshToken, refreshed.RefreshToken, refreshed.AccessToken.Text,
            TestConfiguration.Secret, Flow.Verifier, Flow.WebCredentials,
        ];

        foreach (var secret in secrets)
        {
            foreach (var name in new[] { "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "refresh_token", "scope", "resource", "grant_type", "unknown" })
            {
                await _provider.TokenAsync(Flow.Redeem(code).With(name, secret));
                await _provider.TokenAsync(Flow.Redeem(code).With(name, secret).And(name, secret));
                await _provider.TokenAsync(Flow.Refresh(secret).With(name, secret), Flow.WebCredentials);
            }

            await _provider.TokenAsync(Flow.Redeem(code).And(secret, "1").And(secret, "2"));
            foreach (var name in Flow.Authorize.Names.Append("prompt").Append("response_mode").Append("max_age").Append("id_token_hint").Append("request"))
            {
                await _provider.GetAsync(Endpoints.Authorize, Flow.Authorize.With(name, secret));
                await _provider.GetAsync(Endpoints.Authorize, Flow.Authorize.And(secret, "1").And(secret, "2"));
            }

            foreach (var scheme in new[] { "Bearer ", "Basic ", "" })
            {
                await _provider.GetAsync(Endpoints.UserInfo, authorization: scheme + secret);
                await _provider.TokenAsync(Flow.ClientCredentials, scheme + secret);
            }

            await _provider.GetAsync(Endpoints.EndSession, Form.Of(("id_token_hint", secret), ("post_logout_redirect_uri", secret), ("client_id", secret)));
        }

        _provider.Log.Lines.Count().ShouldBeGreaterThan(200);
        _provider.Log.Lines.ShouldNotContain(line => secrets.Any(line.Contains));
    }
}
