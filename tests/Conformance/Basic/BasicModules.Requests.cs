namespace Conformance;

// What a request may say and leave out.
public abstract partial class BasicModules
{
    [Module("oidcc-response-type-missing")]
    public async Task Refuses_a_request_without_response_type()
    {
        var request = Client.Request().Without("response_type");

        (await AskAsync(request)).ShouldBeRefused(request, "invalid_request", "unsupported_response_type");
    }

    [Module("oidcc-ensure-request-without-nonce-succeeds-for-code-flow")]
    public async Task Needs_no_nonce()
    {
        var signIn = await SignInAsync(Client.Request().Without("nonce"));

        signIn.IdToken.Names.ShouldNotContain("nonce");
    }

    [Module("oidcc-alternate-happy-flow")]
    public async Task Takes_scopes_and_parameters_in_any_order()
    {
        var signIn = await SignInAsync(Client.Request("email openid").Reversed());

        ShouldTellEmailAndNoMore(signIn);
    }

    [Module("oidcc-display-page")]
    public async Task Takes_display_page() => await SignInAsync(Client.Request().And("display", "page"));

    [Module("oidcc-display-popup")]
    public async Task Takes_display_popup() => await SignInAsync(Client.Request().And("display", "popup"));

    [Module("oidcc-ensure-request-with-unknown-parameter-succeeds")]
    public async Task Ignores_a_parameter_it_does_not_know() => await SignInAsync(Client.Request().And("extra", "foobar"));

    [Module("oidcc-login-hint")]
    public async Task Takes_a_login_hint() => await SignInAsync(Client.Request().And("login_hint", "buffy@id.example.com"));

    [Module("oidcc-ui-locales")]
    public async Task Takes_ui_locales_it_does_not_speak() => await SignInAsync(Client.Request().And("ui_locales", "se"));

    [Module("oidcc-claims-locales")]
    public async Task Takes_claims_locales_it_does_not_speak() => await SignInAsync(Client.Request().And("claims_locales", "se"));

    [Module("oidcc-ensure-request-with-acr-values-succeeds")]
    public async Task Says_which_acr_was_reached()
    {
        var offered = provider.Metadata.GetProperty("acr_values_supported").EnumerateArray().Select(value => value.GetString()!).ToArray();
        offered.ShouldNotBeEmpty();

        var signIn = await SignInAsync(Client.Request().And("acr_values", string.Join(' ', offered)));

        signIn.IdToken.Claims.GetProperty("acr").GetString().ShouldBeOneOf(offered);
    }

    [Module("oidcc-ensure-post-request-succeeds")]
    public async Task Takes_a_request_by_POST()
    {
        var request = Client.Request();

        var arrival = await _browser.PostAsync(provider.Endpoint("authorization_endpoint"), request);

        await Client.CompleteAsync(arrival, request);
    }

    [Module("oidcc-ensure-request-with-valid-pkce-succeeds")]
    public async Task Takes_a_proof_key()
    {
        var request = Client.Request().And("code_challenge", Proof.ChallengeOf(Proof.Verifier)).And("code_challenge_method", "S256");

        await Client.CompleteAsync(await AskAsync(request), request, Proof.Verifier);
    }

    [Module("oidcc-ensure-registered-redirect-uri")]
    public async Task Shows_an_error_page_for_a_redirect_uri_that_is_not_registered()
    {
        var request = Client.Request();

        (await AskAsync(request.With("redirect_uri", $"{Client.RedirectUri}/{RelyingParty.Draw()}"))).ShouldBeErrorPage();
    }

    // The suite stops here with "skipped": a refusal is one of the two right answers, and the one of this provider.
    [Module("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported")]
    public async Task Refuses_a_request_uri_as_unsupported()
    {
        provider.Metadata.GetProperty("request_uri_parameter_supported").GetBoolean().ShouldBeFalse();
        var request = Client.Request().And("request_uri", Client.AddressOf("requesturi") + "#" + RelyingParty.Draw());

        (await AskAsync(request)).ShouldBeRefused(request, "request_uri_not_supported");
    }

    // As above.
    [Module("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported")]
    public async Task Refuses_a_request_object_as_unsupported()
    {
        provider.Metadata.GetProperty("request_parameter_supported").GetBoolean().ShouldBeFalse();
        var inside = Client.Request();
        var outside = inside.Without("state", "nonce").And("request", RequestObjects.Unsigned(inside));

        // The state is where this provider does not look, so none comes back.
        var arrival = await AskAsync(outside);

        arrival.ShouldBeRefused(outside, "request_not_supported");
    }

    [Module("oidcc-ensure-request-object-with-redirect-uri")]
    public async Task Shows_an_error_page_for_an_unregistered_redirect_uri_whatever_a_request_object_says()
    {
        var inside = Client.Request();
        var outside = inside.With("redirect_uri", $"{Client.RedirectUri}/{RelyingParty.Draw()}").And("request", RequestObjects.Unsigned(inside));

        (await AskAsync(outside)).ShouldBeErrorPage();
    }
}
