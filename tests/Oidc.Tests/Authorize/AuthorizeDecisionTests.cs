namespace Oidc.Tests;

/// <summary>The table prompt × session × consent × what was answered on the pages: who is asked what, and when nobody can be asked any more.</summary>
public sealed class AuthorizeDecisionTests
{
    private static readonly DateTimeOffset SignedInAt = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Form Partner = Form.Of(
        ("client_id", "partner"), ("redirect_uri", "https://partner.example/callback"), ("response_type", "code"), ("scope", "openid email"),
        ("code_challenge", Flow.Challenge), ("code_challenge_method", "S256"));

    private static readonly Consent Covering = new(["email", "openid"], []);

    private readonly TestConfiguration _configuration = new();

    // What a person meets who comes with a request for the first time.
    [Theory]
    [InlineData("", "nobody", "none", "SignIn")]
    [InlineData("", "nobody", "covering", "SignIn")]
    [InlineData("", "alice", "none", "Consent")]
    [InlineData("", "alice", "covering", "answer")]
    [InlineData("", "alice", "other scopes", "Consent")]
    [InlineData("none", "nobody", "covering", "SignIn")]
    [InlineData("none", "alice", "none", "Consent")]
    [InlineData("none", "alice", "covering", "answer")]
    [InlineData("login", "nobody", "covering", "SignIn")]
    [InlineData("login", "alice", "covering", "SignIn")]
    [InlineData("consent", "nobody", "covering", "SignIn")]
    [InlineData("consent", "alice", "covering", "Consent")]
    [InlineData("select_account", "nobody", "covering", "SignIn")]
    [InlineData("select_account", "alice", "covering", "SelectAccount")]
    [InlineData("select_account", "alice", "none", "SelectAccount")]
    [InlineData("login consent", "alice", "covering", "SignIn")]
    [InlineData("consent select_account", "alice", "covering", "SelectAccount")]
    [InlineData("select_account login", "alice", "covering", "SignIn")]
    public void Asks_whoever_comes(string prompt, string session, string consent, string expected) =>
        Decide(Partner.With("prompt", prompt), session == "nobody" ? null : Alice(consent), answers: null).ShouldBe(expected);

    // Session-1 stood when the request began; session-2 was made since.
    [Theory]
    [InlineData("login", "session-1", "none", "none", "SignIn")]
    [InlineData("login", "session-2", "none", "none", "answer")]
    [InlineData("login consent", "session-2", "none", "none", "Consent")]
    [InlineData("login consent", "session-2", "none", "session-2", "answer")]
    [InlineData("consent", "session-1", "none", "session-1", "answer")]
    [InlineData("consent", "session-2", "none", "session-1", "Consent")]
    [InlineData("select_account", "session-1", "none", "none", "SelectAccount")]
    [InlineData("select_account", "session-1", "session-1", "none", "answer")]
    [InlineData("select_account", "session-2", "none", "none", "answer")]
    [InlineData("consent select_account", "session-1", "session-1", "none", "Consent")]
    [InlineData("consent select_account", "session-1", "session-1", "session-1", "answer")]
    public void Asks_whoever_comes_back_what_is_left(string prompt, string session, string selected, string consented, string expected)
    {
        var answers = new Answers { SessionBefore = "session-1", SelectedSession = selected, ConsentedSession = consented };

        Decide(Partner.With("prompt", prompt), Alice("covering", session), answers).ShouldBe(expected);
    }

    // A consent is what stands in the store; the answer of the page alone is worth nothing once it was withdrawn.
    [Fact]
    public void Asks_again_when_the_consent_just_given_is_gone() =>
        Decide(Partner, Alice("none"), new Answers { SessionBefore = "session-1", ConsentedSession = "session-1" }).ShouldBe("Consent");

    [Theory]
    [InlineData("", "answer")]
    [InlineData("consent", "Consent")]
    public void Asks_consent_for_the_organisation_s_own_front_ends_only_when_told_to(string prompt, string expected) =>
        Decide(Flow.Authorize.With("prompt", prompt), Alice("none"), answers: null).ShouldBe(expected);

    // CVE-2025-12390: whoever signs in to the same browser meanwhile gets nothing in the name of who began.
    [Fact]
    public void Asks_somebody_else_who_signed_in_meanwhile_whether_they_are_meant()
    {
        var bob = new Visitor(TestPeople.SessionOf(TestPeople.Bob, SignedInAt, "session-3"), Covering);
        var answers = new Answers { SessionBefore = "session-1", Subject = TestPeople.Alice.Subject };

        Decide(Partner, bob, answers).ShouldBe("SelectAccount");
        Decide(Partner, bob, answers with { SelectedSession = "session-3" }).ShouldBe("answer");
    }

    // OpenID Connect Core §3.1.2.1: max_age 0 is prompt login.
    [Theory]
    [InlineData(0, 0, "SignIn")]
    [InlineData(10, 9, "SignIn")]
    [InlineData(10, 10, "answer")]
    public void Asks_by_the_age_of_the_sign_in(int age, int maxAge, string expected) =>
        Decide(Partner.With("max_age", $"{maxAge}"), Alice("covering"), answers: null, SignedInAt.AddSeconds(age)).ShouldBe(expected);

    [Fact]
    public void Asks_nobody_who_signed_in_for_this_request_to_do_so_again_however_long_they_took() =>
        Decide(Partner.With("max_age", "1"), Alice("covering", "session-2"), new Answers { SessionBefore = "session-1" }, SignedInAt.AddMinutes(5)).ShouldBe("answer");

    // Core §5.5.1: sub with a value.
    [Theory]
    [InlineData("session-1", "SignIn")]
    [InlineData("session-2", "login_required")]
    public void Answers_about_nobody_but_the_person_whose_sub_is_named(string session, string expected) =>
        Decide(Partner.With("claims", """{"id_token":{"sub":{"value":"somebody"}}}"""), Alice("covering", session), new Answers { SessionBefore = "session-1" }).ShouldBe(expected);

    [Fact]
    public void Answers_about_the_person_whose_sub_is_named() =>
        Decide(Partner.With("claims", """{"id_token":{"sub":{"value":"*"}}}""".Replace("*", TestPeople.Alice.Subject)), Alice("covering"), answers: null).ShouldBe("answer");

    // Core §5.5.1.1.
    [Theory]
    [InlineData("""{"essential":true,"value":"urn:identity:acr:1fa"}""", "answer")]
    [InlineData("""{"essential":true,"values":["unheard-of","urn:identity:acr:1fa"]}""", "answer")]
    [InlineData("""{"essential":true,"value":"phr"}""", "unmet_authentication_requirements")]
    [InlineData("""{"essential":true,"values":["unheard-of"]}""", "unmet_authentication_requirements")]
    [InlineData("""{"value":"phr"}""", "answer")]
    [InlineData("""{"essential":true}""", "answer")]
    [InlineData("null", "answer")]
    public void An_essential_acr_is_met_or_it_fails(string acr, string expected)
    {
        var form = Partner.With("claims", """{"id_token":{"acr":*}}""".Replace("*", acr));

        Decide(form, Alice("covering"), answers: null).ShouldBe(expected);
        Decide(form.With("prompt", "none"), Alice("covering"), answers: null).ShouldBe(expected);
    }

    [Fact]
    public void Nobody_is_sent_to_sign_in_for_an_acr_that_no_sign_in_reaches() =>
        Decide(Partner.With("claims", """{"id_token":{"acr":{"essential":true,"value":"phr"}}}"""), visitor: null, answers: null).ShouldBe("unmet_authentication_requirements");

    [Theory]
    [InlineData(Acr.OneFactor, "answer")]
    [InlineData(Acr.TwoFactors, "unmet_authentication_requirements")]
    [InlineData(Acr.PhishingResistant, "unmet_authentication_requirements")]
    public void A_client_gets_nothing_below_the_acr_it_registered(string least, string expected)
    {
        _configuration.Put(TestConfiguration.Partner with { RequiredAcr = least });

        Decide(Partner, Alice("covering"), answers: null).ShouldBe(expected);
    }

    [Theory]
    [InlineData("openid", true)]
    [InlineData("openid email", true)]
    [InlineData("openid email phone", false)]
    [InlineData("openid offline_access", false)]
    public void A_consent_covers_what_was_allowed_and_less(string scope, bool covered) =>
        Decide(Partner.With("scope", scope), Alice("covering"), answers: null).ShouldBe(covered ? "answer" : "Consent");

    [Theory]
    [InlineData("""{"userinfo":{"email":null}}""", true)]
    [InlineData("""{"userinfo":{"name":null}}""", false)]
    [InlineData("""{"id_token":{"picture":null}}""", true)]
    [InlineData("""{"userinfo":{"address":null}}""", true)]
    [InlineData("""{"userinfo":{"shoe_size":null}}""", true)]
    public void A_consent_covers_claims_by_name_or_by_their_scope_and_those_left_out_need_none(string claims, bool covered) =>
        Decide(Partner.With("claims", claims), new Visitor(Session("session-1"), Covering with { Claims = ["picture"] }), answers: null).ShouldBe(covered ? "answer" : "Consent");

    private string Decide(Form form, Visitor? visitor, Answers? answers, DateTimeOffset? now = null)
    {
        var request = AuthorizeChecks.Check(Parameters.Parse(form.ToString()), _configuration.Current).Request.ShouldNotBeNull();
        var decision = AuthorizeDecision.Of(request, hint: null, visitor, answers, now ?? SignedInAt);
        return decision.Error?.Code ?? decision.Question?.ToString() ?? "answer";
    }

    private static Visitor Alice(string consent, string session = "session-1") => new(Session(session), consent switch
    {
        "covering" => Covering,
        "other scopes" => new Consent(["openid", "phone"], ["email"]),
        _ => null,
    });

    private static Session Session(string id) => TestPeople.SessionOf(TestPeople.Alice, SignedInAt, id);
}
