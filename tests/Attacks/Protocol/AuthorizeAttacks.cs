using Oidc;

namespace Attacks;

/// <summary>Each parameter of an authorization request in every wrong way, by GET and by POST, with and without a session.</summary>
public sealed class AuthorizeAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    // Without these as they are there is no code; the others only decide what the answer carries.
    private static readonly string[] Decisive = ["client_id", "redirect_uri", "response_type", "scope", "code_challenge", "code_challenge_method"];

    private Visitor _person = null!;

    private Form Valid => Requests.Authorize(Provider);

    public override async Task InitializeAsync()
    {
        _person = NewVisitor();
        (await _person.SignInAsync(Valid)).Redirected("code").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task No_wrong_parameter_yields_a_code(string method)
    {
        var before = await Provider.LedgerAsync();
        foreach (var (name, form, _) in Mutations.Of(Valid).Where(mutated => mutated.IsMalformed || Decisive.Contains(mutated.Name.Split(' ')[0])))
        {
            var reply = await SendAsync(method, form);

            reply.Redirected("code").ShouldBeNull(name);
            reply.Status.ShouldBeOneOf([303, 400], name);
            if (reply.Status == 303)
            {
                reply.Error.ShouldNotBeNull(name);
                reply.Redirected("iss").ShouldBe(Provider.Issuer, name);
            }
        }

        (await Provider.LedgerAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("nonce")]
    public async Task Whatever_the_client_may_choose_comes_back_exactly(string parameter)
    {
        foreach (var (name, form, isMalformed) in Mutations.Of(Valid).Where(mutated => mutated.Name.StartsWith(parameter + " ", StringComparison.Ordinal)))
        {
            var reply = await SendAsync("GET", form);

            reply.Status.ShouldBeOneOf(isMalformed ? [303, 400] : [303], name);
            if (reply.Redirected("code") is not null)
            {
                isMalformed.ShouldBeFalse(name);
                reply.Redirected("state").ShouldBe(form.Names.Contains("state") && form["state"].Length > 0 ? form["state"] : null, name);
            }
            else if (reply.Status == 303)
            {
                reply.Error.ShouldBe("invalid_request", name);
            }
        }
    }

    [Fact]
    public async Task A_stranger_gets_no_further_than_the_sign_in_page()
    {
        var before = await Provider.LedgerAsync();
        foreach (var (name, form, _) in Mutations.Of(Valid))
        {
            var reply = await NewVisitor().GetAsync(Endpoints.Authorize, form);

            reply.Redirected("code").ShouldBeNull(name);
            reply.Status.ShouldBeOneOf([303, 400], name);
        }

        (await Provider.LedgerAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("max_age")]
    [InlineData("response_mode")]
    [InlineData("resource")]
    [InlineData("id_token_hint")]
    [InlineData("request")]
    [InlineData("request_uri")]
    [InlineData("claims")]
    [InlineData("login_hint")]
    [InlineData("ui_locales")]
    [InlineData("acr_values")]
    [InlineData("display")]
    [InlineData("registration")]
    [InlineData("unknown")]
    public async Task Optional_parameters_are_taken_or_refused_and_never_a_failure(string parameter)
    {
        foreach (var (name, form, _) in Mutations.Of(Valid.With(parameter, "x")).Where(mutated => mutated.Name.StartsWith(parameter + " ", StringComparison.Ordinal)))
        {
            (await SendAsync("GET", form)).Status.ShouldBeOneOf([200, 303, 400], name);
            (await NewVisitor().GetAsync(Endpoints.Authorize, form)).Status.ShouldBeOneOf([200, 303, 400], name);
        }
    }

    // users.md E.3; the engine's own tests have the long list, here it goes through server and pages.
    [Theory]
    [InlineData("/")]
    [InlineData("?x=1")]
    [InlineData("#x")]
    [InlineData("%2e")]
    [InlineData("/..")]
    [InlineData("@attacker.example")]
    [InlineData(".attacker.example")]
    [InlineData("\\@attacker.example")]
    public async Task A_redirect_URI_with_something_added_is_shown_as_not_registered(string added)
    {
        foreach (var more in new[] { Form.Of(), Form.Of(("prompt", "none")), Form.Of(("response_mode", "form_post")), Form.Of(("scope", "unknown")) })
        {
            var form = more.Names.Aggregate(Valid, (valid, name) => valid.With(name, more[name]));

            var reply = await SendAsync("GET", form.With("redirect_uri", form["redirect_uri"] + added));

            (reply.Status, reply.Location, reply.IsPage).ShouldBe((400, null, true));
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task A_body_of_another_type_is_an_error_page(string contentType)
    {
        var reply = await _person.SendAsync(new Shot("POST", Endpoints.Authorize).WithBody(Valid.ToString(), contentType));

        (reply.Status, reply.IsPage).ShouldBe((400, true));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?interaction=")]
    [InlineData("?interaction=x")]
    [InlineData("?interaction=ia_0123456789012345678901234567890123456789012")]
    [InlineData("?client_id=storefront")]
    public async Task Nobody_continues_what_was_not_begun(string query)
    {
        var reply = await _person.GetAsync(Endpoints.AuthorizeContinue + query);

        (reply.Status, reply.IsPage).ShouldBe((410, true));
    }

    [Theory]
    [InlineData("?interaction=x&interaction=x")]
    [InlineData("?interaction=%FF")]
    public async Task Nobody_continues_by_an_address_that_cannot_be_read(string query)
    {
        var reply = await _person.GetAsync(Endpoints.AuthorizeContinue + query);

        (reply.Status, reply.IsPage).ShouldBe((400, true));
    }

    // CVE-2026-7507: a link prepared in one browser is worth nothing in another.
    [Fact]
    [Trait("Advisory", "CVE-2026-7507")]
    public async Task Nobody_continues_what_another_browser_began()
    {
        var begun = await NewVisitor().GetAsync(Endpoints.Authorize, Valid);
        var handle = begun.Redirected("interaction");

        (await _person.GetAsync($"{Endpoints.AuthorizeContinue}?interaction={handle}")).Redirected("code").ShouldBeNull();
        (await _person.GetAsync($"/log-in?interaction={handle}")).Status.ShouldBe(410);
        (await NewVisitor().GetAsync($"/log-in/password?interaction={handle}")).Status.ShouldBe(410);
    }

    private Task<Reply> SendAsync(string method, Form form) => _person.SendAsync(method == "GET" ? Shot.Get(Endpoints.Authorize, form) : Shot.Post(Endpoints.Authorize, form));
}
