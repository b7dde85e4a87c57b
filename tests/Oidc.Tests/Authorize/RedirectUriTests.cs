namespace Oidc.Tests;

/// <summary>The corpus of redirect URIs that look like a registered one, kept for ever: a bypass that was found once is tried again each time.</summary>
public sealed class RedirectUriTests
{
    private readonly TestConfiguration _configuration = new();

    [Fact]
    public void Takes_the_registered_one() => Check(Flow.Authorize).Target!.RedirectUri.ShouldBe("https://app.example/callback");

    // RFC 9700 §2.1 and §4.1: compared character by character.
    [Theory]
    [InlineData("https://app.example/Callback")]
    [InlineData("HTTPS://app.example/callback")]
    [InlineData("https://APP.example/callback")]
    [InlineData("http://app.example/callback")]
    [InlineData("https://app.example/callback/")]
    [InlineData("https://app.example/callback/more")]
    [InlineData("https://app.example/callbac")]
    [InlineData("https://app.example/callback ")]
    [InlineData(" https://app.example/callback")]
    [InlineData("https://app.example/callback\t")]
    [InlineData("https://app.example/callback\n")]
    [InlineData("https://app.example//callback")]
    [InlineData("https://app.example/./callback")]
    [InlineData("https://app.example/x/../callback")]
    [InlineData("https://app.example/callback/..")]
    [InlineData("https://app.example/callback/%2e%2e/other")]
    [InlineData("https://app.example/%63allback")]
    [InlineData("https://app.example/callback%2f")]
    [InlineData("https://app.example/callback%00")]
    [InlineData("https://app.example\\callback")]
    [InlineData("https:\\\\app.example\\callback")]
    [InlineData("https:/app.example/callback")]
    [InlineData("https://app.example/callback?")]
    [InlineData("https://app.example/callback?extra=1")]
    [InlineData("https://app.example/callback#")]
    [InlineData("https://app.example/callback#fragment")]
    [InlineData("https://app.example/callback;x=1")]
    [InlineData("https://app.example:443/callback")]
    [InlineData("https://app.example:8443/callback")]
    [InlineData("https://app.example./callback")]
    [InlineData("https://user@app.example/callback")]
    [InlineData("https://app.example@attacker.example/callback")]
    [InlineData("https://app.example:x@attacker.example/callback")]
    [InlineData("https://app.example.attacker.example/callback")]
    [InlineData("https://attacker.example/callback")]
    [InlineData("https://attacker.example/https://app.example/callback")]
    [InlineData("https://attacker.example\\@app.example/callback")]
    [InlineData("https://app.example%2eattacker.example/callback")]
    [InlineData("https://app.example\u3002attacker.example/callback")]
    [InlineData("https://аpp.example/callback")]
    [InlineData("https://xn--pp-6kc.example/callback")]
    [InlineData("https://app。example/callback")]
    [InlineData("http://localhost.attacker.example/callback")]
    [InlineData("http://localhost/callback")]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("//app.example/callback")]
    [InlineData("//attacker.example")]
    [InlineData("/\\attacker.example")]
    [InlineData("/callback")]
    [InlineData("callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("urn:ietf:wg:oauth:2.0:oob")]
    [InlineData("https://app.example/callback,https://attacker.example/")]
    [InlineData("https://app.example/callback https://attacker.example/")]
    [InlineData("https://*.example/callback")]
    [InlineData("null")]
    [InlineData("https://web.example/callback?tenant=7")]
    [Trait("Advisory", "CVE-2026-3872")]
    [Trait("Advisory", "CVE-2026-7504")]
    [Trait("Advisory", "CVE-2023-6291")]
    [Trait("Advisory", "CVE-2024-52289")]
    [Trait("Advisory", "CVE-2026-18211")]
    [Trait("Advisory", "GHSA-grfp-q2mm-hfp6")]
    [Trait("Advisory", "GHSA-rfq3-w54c-f9q5")]
    public void Shows_any_other_one_as_not_registered(string uri)
    {
        var check = Check(Flow.Authorize.With("redirect_uri", uri));

        check.Error.ShouldNotBeNull().MayRedirect.ShouldBeFalse();
        check.Target.ShouldBeNull();
        check.Request.ShouldBeNull();
    }

    // RFC 6749 §3.1.2: a registered query belongs to the URI.
    [Theory]
    [InlineData("https://web.example/callback?tenant=7", true)]
    [InlineData("https://web.example/callback", false)]
    [InlineData("https://web.example/callback?tenant=8", false)]
    [InlineData("https://web.example/callback?tenant=7&x=1", false)]
    [InlineData("https://web.example/callback?x=1&tenant=7", false)]
    public void Compares_the_query_too(string uri, bool accepted) =>
        (Check(Flow.AuthorizeWeb.With("redirect_uri", uri)).Target is not null).ShouldBe(accepted);

    private AuthorizeCheck Check(Form form) => AuthorizeChecks.Check(form.Read(), _configuration.Current);
}
