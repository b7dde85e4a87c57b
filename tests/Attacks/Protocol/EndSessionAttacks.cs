using Oidc;
using ProviderHarness;

namespace Attacks;

/// <summary>Whoever did not ask for it stays signed in, and nobody is sent to an address that is not registered.</summary>
public sealed class EndSessionAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    private Visitor _person = null!;
    private TokenAnswer _tokens = null!;

    private string RedirectUri => $"http://localhost:{new Uri(Provider.Issuer).Port + 3}/";

    public override async Task InitializeAsync()
    {
        _person = NewVisitor();
        _tokens = await _person.TokensAsync();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task No_wrong_parameter_ends_a_session_without_asking(string method)
    {
        var valid = Form.Of(("id_token_hint", _tokens["id_token"]!), ("post_logout_redirect_uri", RedirectUri), ("client_id", "storefront"));

        foreach (var (name, form, isMalformed) in Mutations.Of(valid).Where(mutated => mutated.IsMalformed || mutated.Name.StartsWith("id_token_hint ", StringComparison.Ordinal)))
        {
            var reply = await _person.SendAsync(method == "GET" ? Shot.Get(Endpoints.EndSession, form) : Shot.Post(Endpoints.EndSession, form));

            (reply.Status, reply.IsPage).ShouldBe((200, true), $"{name} {isMalformed} {reply}");
            _person.Cookies.ShouldContainKey("identity.session", name);
        }

        (await StillSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_wrong_address_leads_nowhere()
    {
        foreach (var (name, form, _) in Mutations.Of(Form.Of(("client_id", "storefront"), ("post_logout_redirect_uri", RedirectUri), ("state", "x"))))
        {
            (await _person.GetAsync(Endpoints.EndSession, form)).Status.ShouldBe(200, name);
            (await NewVisitor().GetAsync(Endpoints.EndSession, form)).Status.ShouldBe(303, name);
        }

        (await StillSignedInAsync()).ShouldBeTrue();
    }

    // CVE-2023-34927 and RP-Initiated Logout §2: the page's button works from the page alone.
    [Fact]
    [Trait("Advisory", "CVE-2023-34927")]
    public async Task A_form_of_another_site_signs_nobody_out()
    {
        var question = await _person.GetAsync(Endpoints.EndSession);
        var (action, fields) = Visitor.FieldsOf(question);

        foreach (var form in new[] { fields.Without("form"), fields.With("form", "x"), fields.With("form", ""), fields.With("form", fields["form"][..^1]), Form.Of() })
        {
            var reply = await _person.SendAsync(Shot.Post(action, form));
            (reply.Status, reply.IsPage).ShouldBe((400, true), $"{form}");
            reply.Page.QuerySelector("[role=alert]").ShouldNotBeNull();
        }

        var stranger = NewVisitor();
        var (_, theirs) = Visitor.FieldsOf(await stranger.GetAsync("/log-in"));
        (await _person.SendAsync(Shot.Post(action, fields.With("form", theirs["form"])))).Status.ShouldBe(400);

        (await StillSignedInAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Another_persons_hint_signs_nobody_out()
    {
        var agent = await SignedIn.AsAsync(Provider, "agent@example.com");
        var theirs = await Provider.RedeemAsync("agents", await agent.AuthorizeAsync("agents", "openid"));

        (await _person.GetAsync(Endpoints.EndSession, Form.Of(("id_token_hint", theirs["id_token"]!)))).Status.ShouldBe(200);

        (await StillSignedInAsync()).ShouldBeTrue();
    }

    // RFC 6265bis §5.6.7.1: another site's form brings no cookie, but the browser would take the one that the answer sets.
    [Fact]
    public async Task A_form_of_another_site_takes_nobodys_cookie_away()
    {
        var agent = await SignedIn.AsAsync(Provider, "agent@example.com");
        var attackers = await Provider.RedeemAsync("agents", await agent.AuthorizeAsync("agents", "openid"));

        foreach (var form in new[] { Form.Of(), Form.Of(("client_id", "storefront")), Form.Of(("id_token_hint", attackers["id_token"]!)) })
        {
            (await NewVisitor().SendAsync(Shot.Post(Endpoints.EndSession, form))).Cookies.ShouldNotContain(cookie => cookie.Name == "identity.session");
        }
    }

    [Fact]
    public async Task The_signed_out_page_says_why_nobody_was_sent_back()
    {
        foreach (var (form, reason) in new[]
        {
            (Form.Of(("state", "x"), ("state", "x")), "Unreadable"), (Form.Of().AndRaw("state=%FF"), "Unreadable"), (Form.Of(("state", new string('x', 3_000))), "Unreadable"),
            (Form.Of(("id_token_hint", "x"), ("post_logout_redirect_uri", RedirectUri)), "ForeignHint"), (Form.Of(("post_logout_redirect_uri", RedirectUri)), "UnknownClient"),
            (Form.Of(("id_token_hint", _tokens["id_token"]!), ("client_id", "web")), "Contradiction"),
            (Form.Of(("client_id", "storefront"), ("post_logout_redirect_uri", "https://attacker.example/")), "UnregisteredUri"),
        })
        {
            (await NewVisitor().GetAsync(Endpoints.EndSession, form)).Redirected("reason").ShouldBe(reason);
        }
    }

    private async Task<bool> StillSignedInAsync() =>
        (await _person.GetAsync(Endpoints.Authorize, Requests.Authorize(Provider).With("prompt", "none"))).Redirected("code") is not null;
}
