namespace Attacks;

/// <summary>Every page by every wrong address and form: a page that says what to do, never a failure, and nobody is signed in by it.</summary>
public sealed class PageAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    private const string Nobody = "nobody@example.com";

    private static readonly string[] Parameters = ["interaction", "language", "theme", "ui_locales", "client", "reason", "handler", "returnUrl"];

    public static IReadOnlyList<string> All { get; } =
        ["/log-in", "/log-in/password", "/email-verification", "/log-in/verify", "/create-account", "/create-account/password", "/log-out", "/log-in/error", "/consent"];

    public static TheoryData<string> Paths => [.. All];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_address_is_a_failure(string path)
    {
        var valid = Form.Of([.. Parameters.Select(name => (name, "x"))]);
        foreach (var mutation in Mutations.All)
        {
            var forms = mutation.IsMalformed || mutation.Name == "oversized" ? Parameters.Select(name => mutation.Apply(valid, name)) : [Parameters.Aggregate(valid, mutation.Apply)];
            foreach (var form in forms)
            {
                var reply = await NewVisitor().GetAsync(path, form);

                reply.Status.ShouldBeOneOf([200, 303, 400, 410], $"{path} {mutation.Name}");
                if (reply.Status != 303)
                {
                    reply.ShouldBeInert($"{path} {mutation.Name}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_form_out_of_the_blue_is_a_failure(string path)
    {
        foreach (var shot in new[]
        {
            Shot.Post(path, Form.Of()), Shot.Post(path, Form.Of(("identifier", Nobody), ("password", "x"), ("code", "123456"), ("action", "create"))),
            Shot.Post(path, Form.Of(("resource", "a"), ("resource", "b"), ("audience", "a"), ("audience", "b"))), Shot.Post(path + "?handler=Mail", Form.Of()),
            Shot.Post(path + "?resource=a&resource=b", Form.Of(("resource", "a"), ("resource", "b"))), Shot.Post(path + "?handler=Nothing", Form.Of(("form", "x"))),
            new Shot("POST", path), new Shot("POST", path).WithBody("{}", "application/json"), new Shot("POST", path).WithBody("x", "multipart/form-data; boundary=x"),
            new Shot("POST", path).WithBody("x", "multipart/form-data"), new Shot("POST", path).WithBody("", contentType: null),
        })
        {
            (await NewVisitor().SendAsync(shot)).Status.ShouldBeOneOf([200, 303, 400], shot.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_other_method_is_served(string path)
    {
        foreach (var method in new[] { "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X" })
        {
            (await SendAsync(new Shot(method, path))).Status.ShouldBeOneOf([400, 404, 405], method);
        }
    }

    [Theory]
    [InlineData("identifier", "/log-in")]
    [InlineData("identifier", "/create-account")]
    public async Task No_wrong_field_gets_further_than_the_next_page(string field, string path)
    {
        var visitor = NewVisitor();
        var (action, valid) = Visitor.FieldsOf(await visitor.GetAsync(path), (field, Nobody));

        await TriesEveryMutationAsync(visitor, action, valid);
    }

    [Fact]
    public async Task No_wrong_password_signs_anybody_in()
    {
        var visitor = NewVisitor();
        var toCode = await visitor.SubmitAsync(await visitor.GetAsync("/log-in"), ("identifier", "agent@example.com"));
        var password = await visitor.GetAsync(toCode.Location!.Replace("/email-verification", "/log-in/password"));
        var (action, valid) = Visitor.FieldsOf(password, ("password", "development-1"));

        await TriesEveryMutationAsync(visitor, action, valid.And("remember", "on"));
    }

    [Fact]
    public async Task No_wrong_code_signs_anybody_in()
    {
        var visitor = NewVisitor();
        var toCode = await visitor.SubmitAsync(await visitor.GetAsync("/log-in"), ("identifier", "bob@example.com"));
        var right = await Attacked.MailedCodeAsync("bob@example.com");
        var wrong = right == "000000" ? "000001" : "000000";
        var (action, valid) = Visitor.FieldsOf(await visitor.GetAsync(toCode.Location!), ("code", wrong));

        await TriesEveryMutationAsync(visitor, action, valid);
    }

    [Fact]
    public async Task No_wrong_new_password_makes_an_account()
    {
        var before = await Provider.LedgerAsync();
        var visitor = NewVisitor();
        var toPassword = await visitor.SubmitAsync(await visitor.GetAsync("/create-account"), ("identifier", Nobody));
        var (action, valid) = Visitor.FieldsOf(await visitor.GetAsync(toPassword.Location!), ("password", "a-good-password-of-nobody"));

        await TriesEveryMutationAsync(visitor, action, valid);

        (await Provider.LedgerAsync()).ShouldBe(before);
    }

    // Cookies are the browser's word: broken, swapped or made up ones are worth what no cookie is.
    [Fact]
    [Trait("Advisory", "CVE-2026-119128")]
    public async Task No_forged_cookie_signs_anybody_in_or_is_a_failure()
    {
        var alice = NewVisitor();
        await alice.SignInAsync(Requests.Authorize(Provider));
        var names = alice.Cookies.Keys.Concat(["identity.code", "identity.language", "identity.theme"]).Distinct().ToArray();
        names.ShouldContain("identity.session");

        foreach (var name in names)
        {
            var value = alice.Cookies.GetValueOrDefault(name, "zh-CN.1893456000");
            foreach (var forged in new[]
            {
                "", "x", value[..^1], value + "x", value.ToUpperInvariant(), new string('A', value.Length), $"\"{value}\"x", "%00", "%FF", "é", value.Replace('_', '-'), new string('x', 4_000),
                "9999999999999999999", "zh-CN.9999999999999999999", "en.-1", "se_" + new string('A', 43),
            })
            {
                var visitor = NewVisitor();
                visitor.Put(name, forged);
                var reply = await visitor.GetAsync(Oidc.Endpoints.Authorize, Requests.Authorize(Provider).With("prompt", "none"));
                reply.Redirected("code").ShouldBeNull($"{name}={forged}");
                (await visitor.GetAsync("/log-in")).Status.ShouldBeOneOf([200, 400], $"{name}={forged}");
                (await visitor.GetAsync("/create-account")).Status.ShouldBeOneOf([200, 400], $"{name}={forged}");
            }
        }
    }

    [Fact]
    public async Task A_cookie_carries_no_more_than_it_was_made_for()
    {
        var alice = NewVisitor();
        await alice.SignInAsync(Requests.Authorize(Provider));
        var sealedValues = alice.Cookies.Where(cookie => cookie.Key is "identity.devices" or "identity.browser" or "identity.form").Select(cookie => cookie.Value);

        foreach (var value in sealedValues)
        {
            foreach (var name in new[] { "identity.session", "identity.code", "identity.devices", "identity.form", "identity.browser" })
            {
                var visitor = NewVisitor();
                visitor.Put(name, value);
                (await visitor.GetAsync(Oidc.Endpoints.Authorize, Requests.Authorize(Provider).With("prompt", "none"))).Error.ShouldBe("login_required", name);
                (await visitor.GetAsync("/log-in")).Status.ShouldBe(200, name);
            }
        }
    }

    private async Task TriesEveryMutationAsync(Visitor visitor, string action, Form valid)
    {
        foreach (var (name, form, isMalformed) in Mutations.Of(valid))
        {
            var reply = await visitor.SendAsync(Shot.Post(action, form));

            reply.Status.ShouldBeOneOf(isMalformed ? [400] : [200, 303, 400, 410], $"{action} {name}");
            visitor.Cookies.ShouldNotContainKey("identity.session", $"{action} {name}");
            if (reply.Status != 303)
            {
                reply.ShouldBeInert($"{action} {name}");
            }
        }
    }
}
