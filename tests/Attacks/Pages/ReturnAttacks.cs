using IdentityProvider;
using Oidc;

namespace Attacks;

/// <summary>
/// No address that a request brings is ever followed (CVE-2024-39694, CVE-2024-56734, CVE-2025-27143): interactions are kept here and known by a handle.
/// The list only grows.
/// </summary>
public sealed class ReturnAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    private static readonly string[] Names =
        ["returnUrl", "ReturnUrl", "return_url", "returnTo", "return_to", "redirect", "redirect_to", "redirect_uri", "redirectUri", "next", "continue", "url", "goto", "target", "rurl", "dest", "service"];

    private static readonly string[] Corpus =
    [
        "https://attacker.example", "//attacker.example", "///attacker.example", "////attacker.example", "/\\attacker.example", "\\\\attacker.example", "\\/attacker.example", "/\\/attacker.example",
        "https:attacker.example", "https:/attacker.example", "https:///attacker.example", "http:\\\\attacker.example", "/\t/attacker.example", "/\n/attacker.example", "/\r/attacker.example", "\t//attacker.example",
        " //attacker.example", "/%09/attacker.example", "/%5cattacker.example", "/%2f%2fattacker.example", "/%2fattacker.example", "%2f%2fattacker.example", "/.attacker.example", "/./\\attacker.example", "/x/..//attacker.example",
        "//attacker.example/%2e%2e", "//localhost@attacker.example", "https://localhost:x@attacker.example", "https://localhost%23@attacker.example", "https://localhost#@attacker.example", "//attacker.example#/log-in",
        "//attacker。example", "//attacker%E3%80%82example", "/\u2028/attacker.example", "/\u00A0/attacker.example", "/／attacker.example", "／／attacker.example", "javascript:xss1337()", "JaVaScRiPt:xss1337()",
        "java\nscript:xss1337()", "data:text/html,<script>xss1337()</script>", "vbscript:xss1337()", "@attacker.example", "?https://attacker.example", "#https://attacker.example", "~/attacker.example", "~//attacker.example",
    ];

    public static TheoryData<string> Addresses => [.. Corpus];

    [Theory]
    [MemberData(nameof(Addresses))]
    [Trait("Advisory", "CVE-2024-39694")]
    [Trait("Advisory", "CVE-2024-56734")]
    [Trait("Advisory", "CVE-2025-27143")]
    [Trait("Advisory", "CVE-2025-71403")]
    public async Task Nobody_is_sent_where_a_parameter_says(string address)
    {
        var everyName = Form.Of([.. Names.Select(name => (name, address))]);
        var visitor = NewVisitor();
        foreach (var path in PageAttacks.All.Append(Endpoints.EndSession).Append(Endpoints.AuthorizeContinue))
        {
            var reply = await visitor.GetAsync(path, everyName);

            (reply.Location is null or PagePaths.LogIn or PagePaths.LogOut).ShouldBeTrue($"{path} {reply.Location}");
            if (reply.IsPage)
            {
                reply.ShouldBeInert($"{path} {address}");
            }
        }
    }

    [Fact]
    public async Task Nobody_is_sent_there_after_signing_in()
    {
        foreach (var address in Corpus)
        {
            var visitor = NewVisitor();
            var page = await visitor.GetAsync("/log-in", Form.Of([.. Names.Select(name => (name, address))]));
            var (action, fields) = Visitor.FieldsOf(page, ("identifier", People.AlicePhone));
            action.ShouldBe("/log-in");
            var more = Names.Aggregate(fields, (form, name) => form.And(name, address));

            var next = await visitor.SendAsync(Shot.Post(action, more));
            next.Location.ShouldNotBeNull(address).ShouldStartWith("/log-in/password?interaction=");
            var (passwordAction, password) = Visitor.FieldsOf(await visitor.GetAsync(next.Location!), ("password", "Development-1"));

            (await visitor.SendAsync(Shot.Post(passwordAction, Names.Aggregate(password, (form, name) => form.And(name, address))))).Location.ShouldBe("/account", address);
        }
    }
}
