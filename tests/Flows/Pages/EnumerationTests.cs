using System.Text.RegularExpressions;

namespace Flows;

/// <summary>
/// Nothing tells whether an address has an account: each way in is walked twice, by somebody who has one and by somebody who has none, and every
/// answer on it must be the same, byte by byte, but for what is drawn at random.
/// </summary>
public sealed partial class EnumerationTests(PagedProvider pages) : PageTest(pages)
{
    private delegate Task<IReadOnlyList<PageAnswer>> Walk(PageVisitor visitor, string address);

    [Fact]
    [Trait("Point", "9")]
    public Task Nothing_tells_at_sign_in_by_code() => ShouldNotTellAsync(async (visitor, address) =>
    {
        var begun = await visitor.BeginAsync();
        var posted = await visitor.PostAsync(begun, ("identifier", address));
        var waiting = await visitor.GetAsync(posted.Location!);
        var wrong = await visitor.PostAsync(waiting, ("code", PagedProvider.Other(await Pages.CodeAsync(address, Pages.Mails(address).Count))));
        return [begun, posted, waiting, wrong, await visitor.GetAsync(wrong.Location!)];
    });

    [Fact]
    [Trait("Point", "9")]
    public Task Nothing_tells_at_sign_in_by_password() => ShouldNotTellAsync(async (visitor, address) =>
    {
        var waiting = await visitor.AskForCodeAsync(address);
        var password = await visitor.OpenAsync(Link(waiting, "/log-in/password"));
        var wrong = await visitor.PostAsync(password, ("password", "not-the-password"));
        return [password, wrong, await visitor.GetAsync(wrong.Location!)];
    });

    [Fact]
    [Trait("Point", "12")]
    public Task Nothing_tells_at_sign_up_before_the_code() => ShouldNotTellAsync(async (visitor, address) =>
    {
        var begun = await visitor.BeginAsync();
        var form = await visitor.OpenAsync(Link(begun, "/create-account"));
        var typed = await visitor.PostAsync(form, ("identifier", address));
        var choose = await visitor.GetAsync(typed.Location!);
        var chosen = await visitor.PostAsync(choose, ("password", "Walking-slowly-7"));
        return [form, typed, choose, chosen, await visitor.GetAsync(chosen.Location!)];
    });

    [Fact]
    [Trait("Point", "12")]
    public Task Nothing_tells_when_a_code_is_asked_for_again() => ShouldNotTellAsync(async (visitor, address) =>
    {
        var waiting = await visitor.AskForCodeAsync(address);
        var tooEarly = await visitor.PostAsync(waiting, ("action", "resend"));
        return [tooEarly, await visitor.GetAsync(tooEarly.Location!)];
    });

    [Fact]
    [Trait("Point", "12")]
    [Trait("Advisory", "CVE-2026-4633")]
    [Trait("Advisory", "CVE-2026-23511")]
    public Task Nothing_tells_when_the_application_names_the_address() => ShouldNotTellAsync(async (visitor, address) =>
    {
        var arrived = await visitor.GetAsync("/connect/authorize?" + PageVisitor.Request(Provider).With("login_hint", address));
        return [arrived, await visitor.GetAsync(arrived.Location!)];
    });

    [Fact]
    [Trait("Point", "12")]
    public Task Nothing_tells_when_passwords_are_locked() => ShouldNotTellAsync(async (visitor, address) =>
    {
        var page = await visitor.OpenAsync(Link(await visitor.AskForCodeAsync(address), "/log-in/password"));
        List<PageAnswer> seen = [];
        for (var i = 0; i < 12; i++)
        {
            seen.Add(await visitor.PostAsync(page, ("password", "not-the-password")));
        }

        seen.Add(await visitor.GetAsync(seen[^1].Location!));
        seen[^1].Text.ShouldContain("Too many tries");
        return seen;
    });

    [Fact]
    [Trait("Point", "11")]
    public async Task An_unknown_address_reaches_the_page_for_the_code_and_gets_a_code_that_makes_the_account_or_nothing()
    {
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var waiting = await visitor.AskForCodeAsync(address);
        ShouldBePage(waiting, "/email-verification");

        // Only who proved the address learns that nobody has it.
        var proven = await visitor.SubmitAsync(waiting, ("code", await Pages.CodeAsync(address)));
        ShouldBePage(proven, "/create-account");
        proven.Heading.ShouldBe("No account yet");
        (await SessionsAsync(address)).ShouldBe(0);
        (await visitor.SubmitAsync(proven, ("action", "create"))).HasCode.ShouldBeTrue();
    }

    private async Task ShouldNotTellAsync(Walk walk)
    {
        // Both have the same length and stand in no counter yet; one gets an account first, by an address of the same shape.
        var (_, known, _) = await SignUpAsync();
        var unknown = Pages.NewAddress();
        Provider.Time.Advance(TimeSpan.FromMinutes(2));

        var first = await walk(NewVisitor(), known);
        var second = await walk(NewVisitor(), unknown);

        first.Count.ShouldBe(second.Count);
        foreach (var (one, other) in first.Zip(second))
        {
            Masked(one, known).ShouldBe(Masked(other, unknown), one.Url);
        }
    }

    private static string Link(PageAnswer page, string path) => page.Html.Links.Select(link => link.GetAttribute("href")!).First(href => href.Split('?')[0] == path);

    private static string Masked(PageAnswer answer, string address)
    {
        var headers = answer.Headers.Where(header => !header.Name.Equals("X-Request-Id", StringComparison.OrdinalIgnoreCase) && header.Name != "Date").Select(header => $"{header.Name}: {header.Value}").Order();
        var whole = $"{answer.Url}\n{answer.Status}\n{string.Join('\n', headers)}\n\n{answer.Body}";
        return Sealed().Replace(Random().Replace(whole, match => $"<{match.Length}>"), match => $"<{match.Length}>")
            .Replace(address, "<address>").Replace(Uri.EscapeDataString(address), "<address>");
    }

    [GeneratedRegex("(ia_|br_|se_|ac_|ch_)[A-Za-z0-9_-]{43}")]
    private static partial Regex Random();

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]+")]
    private static partial Regex Sealed();
}
