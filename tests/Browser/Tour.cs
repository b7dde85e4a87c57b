using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>
/// A walk past every page in every state it can show, in one language, looking at each in light and dark, narrow, with wide spacing. Walked once; the
/// tests ask what was found.
/// </summary>
public sealed class Tour
{
    // WCAG 2.2: 1.4.10 is 1280 pixels at 400 %, 1.4.12 names the spacing.
    private const int NarrowWidth = 320, NarrowHeight = 256;

    private const string Look = """
        () => {
          const scroller = document.scrollingElement;
          const cut = [...document.querySelectorAll('a, button, h1, p, label, dd')].filter(e => e.offsetParent && !e.closest('.unseen, .skip') && !e.classList.contains('unseen') && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline');
          return [scroller.scrollWidth > scroller.clientWidth ? `scrolls sideways: ${scroller.scrollWidth} in ${scroller.clientWidth}` : null, ...cut.map(e => 'cut off: ' + e.outerHTML.slice(0, 120))].filter(x => x);
        }
        """;

    private const string Space = """
        () => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }');
          document.adoptedStyleSheets = [sheet];
        }
        """;

    private const string Focused = "() => { const e = document.activeElement; return e.localName + (e.id ? '#' + e.id : ''); }";

    private const string ExpectedFocus = """
        () => {
          const field = document.querySelector('main [aria-invalid=true]') ?? document.querySelector('main input:not([type=hidden]):not([type=checkbox]):not(.unseen)');
          return field ? field.localName + '#' + field.id : 'h1';
        }
        """;

    private const string Judge = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(v => `${v.id}: ${v.help}: ${v.nodes.map(n => n.html).join(' | ')}`)
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly World _world;
    private readonly string _language;
    private readonly List<(string Kind, string Finding)> _findings = [];
    private readonly List<string> _states = [];

    private Tour(World world, string language) => (_world, _language) = (world, language);

    public IReadOnlyList<string> States => _states;

    public IEnumerable<string> Of(string kind) => _findings.Where(item => item.Kind == kind).Select(item => item.Finding);

    public static async Task<Tour> WalkAsync(World world, string language)
    {
        var tour = new Tour(world, language);
        await tour.WalkAsync();
        return tour;
    }

    private async Task WalkAsync()
    {
        await using var browser = await _world.NewBrowserAsync(_language);
        await browser.AddInitScriptAsync("window.shifts = []; new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) window.shifts.push(e.value); }).observe({ type: 'layout-shift', buffered: true });");
        var page = await browser.NewPageAsync();
        // Nothing is on its way from one colour to another while it is judged.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_world.Provider, StringComparison.Ordinal) && !request.Url.StartsWith(_world.Storefront, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                Note("foreign", page.Url, request.Url);
            }
        };
        page.Console += (_, message) =>
        {
            if (message.Type is "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal))
            {
                Note("console", page.Url, message.Text);
            }
        };
        await WalkInAsync(page);
        await WalkOutAsync(page);
    }

    private async Task WalkInAsync(IPage page)
    {
        var address = $"tourist-{_language}@example.com".ToLowerInvariant();
        await page.GotoAsync(_world.SignIn());
        await SeeAsync(page, "sign in");
        await SubmitAsync(page);
        await SeeAsync(page, "sign in, nothing typed");
        await page.Locator("#identifier").FillAsync("not an address");
        await SubmitAsync(page);
        await SeeAsync(page, "sign in, not an address");

        await page.Locator("#identifier").FillAsync(address);
        await SubmitAsync(page);
        await SeeAsync(page, "code");
        var wrong = Other(await _world.CodeAsync(address));
        await TypeAsync(page, wrong);
        await SeeAsync(page, "code, wrong");
        await page.Locator("a[href*='/log-in/password']").ClickAsync();
        await SeeAsync(page, "password");
        await page.Locator("#password").FillAsync("not-the-password");
        await SubmitAsync(page);
        await SeeAsync(page, "password, wrong");
        await page.GotoAsync(page.Url.Replace("/log-in/password", "/email-verification"));
        for (var mails = 2; mails <= 3; mails++)
        {
            await World.LeaveAsync(page, () => page.Locator("button[value=resend]").ClickAsync());
            wrong = Other(await _world.CodeAsync(address, mails));
        }

        await SeeAsync(page, "code, sent again, the next only later");
        for (var i = 0; i < 5; i++)
        {
            await TypeAsync(page, wrong);
            wrong = Other(wrong);
        }

        await SeeAsync(page, "code, too many wrong tries");
    }

    private async Task WalkOutAsync(IPage page)
    {
        var address = $"settler-{_language}@example.com".ToLowerInvariant();
        await page.GotoAsync(_world.SignIn());
        await page.Locator("a[href*='/create-account']").ClickAsync();
        await SeeAsync(page, "create account");
        await SubmitAsync(page);
        await SeeAsync(page, "create account, nothing typed");
        await page.Locator("#identifier").FillAsync(address);
        await SubmitAsync(page);
        await SeeAsync(page, "choose a password");
        await page.Locator("#password").FillAsync("password1");
        await SubmitAsync(page);
        await SeeAsync(page, "choose a password, too common");

        // Whoever signs in with an address that nobody has is asked whether to make the account.
        await page.GotoAsync(_world.SignIn());
        await page.Locator("#identifier").FillAsync(address);
        await SubmitAsync(page);
        await TypeAsync(page, await _world.CodeAsync(address));
        await SeeAsync(page, "no account yet");
        await page.Locator("button[value=create]").ClickAsync();
        await page.WaitForURLAsync(url => url.StartsWith(_world.Storefront, StringComparison.Ordinal), new PageWaitForURLOptions { WaitUntil = WaitUntilState.Commit });
        await page.GotoAsync(_world.Provider + "/log-in");
        await SeeAsync(page, "signed in");
        await page.GotoAsync(_world.Provider + "/account");
        await SeeAsync(page, "account");
        await page.GotoAsync(_world.Provider + "/log-out");
        await SeeAsync(page, "sign out?");
        await SubmitAsync(page);
        await SeeAsync(page, "signed out");
        await page.GotoAsync(_world.Provider + "/connect/authorize?client_id=nobody");
        await SeeAsync(page, "refused request");
        await page.GotoAsync(_world.SignIn().Replace("callback", "elsewhere"));
        await SeeAsync(page, "refused request of an application");
        await page.GotoAsync($"{_world.Provider}/log-in?interaction=ia_{new string('A', 43)}");
        await SeeAsync(page, "too late");
        await page.GotoAsync(_world.Provider + "/nothing-here");
        await SeeAsync(page, "no such page");
    }

    private async Task SeeAsync(IPage page, string state)
    {
        await page.Locator("main h1").WaitForAsync();
        _states.Add(state);
        await NoteAsync("language", state, async () => await page.Locator("html").GetAttributeAsync("lang") is var lang && lang == _language ? [] : [$"{lang}"]);
        await NoteAsync("focus", state, async () =>
        {
            var (focused, expected) = (await page.EvaluateAsync<string>(Focused), await page.EvaluateAsync<string>(ExpectedFocus));
            return focused == expected ? [] : [$"{focused} instead of {expected}"];
        });
        await NoteAsync("shift", state, async () => [.. (await page.EvaluateAsync<double[]>("() => window.shifts")).Select(value => $"{value:F4}")]);
        await page.EvaluateAsync(Axe);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            await NoteAsync("axe", $"{state}, {scheme}", () => page.EvaluateAsync<string[]>(Judge));
            await ShootAsync(page, $"{state}, {scheme}");
        }

        await page.SetViewportSizeAsync(NarrowWidth, NarrowHeight);
        await NoteAsync("narrow", state, () => page.EvaluateAsync<string[]>(Look));
        await page.EvaluateAsync(Space);
        await NoteAsync("spaced", state, () => page.EvaluateAsync<string[]>(Look));
        await page.EvaluateAsync("() => { document.adoptedStyleSheets = []; }");
        await page.SetViewportSizeAsync(1280, 720);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }

    private async Task NoteAsync(string kind, string state, Func<Task<string[]>> look)
    {
        foreach (var finding in await look())
        {
            Note(kind, state, finding);
        }
    }

    private void Note(string kind, string state, string finding) => _findings.Add((kind, $"{state}: {finding}"));

    // For whoever works on how the pages look: every state in every look, as pictures in that folder.
    private async Task ShootAsync(IPage page, string state)
    {
        if (Environment.GetEnvironmentVariable("IDENTITY_PICTURES") is { Length: > 0 } folder)
        {
            foreach (var width in new[] { NarrowWidth, 375, 1280 })
            {
                await page.SetViewportSizeAsync(width, 720);
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{_states.Count:D2} {state}, {_language}, {width}.png"), FullPage = true });
            }
        }
    }

    private static Task SubmitAsync(IPage page) => World.LeaveAsync(page, () => page.Locator("main form button[type=submit]").First.ClickAsync());

    // The sixth digit sends the form.
    private static Task TypeAsync(IPage page, string code) => World.LeaveAsync(page, () => page.Locator("#code").FillAsync(code));

    private static string Other(string code) => code[..5] + (code[5] == '9' ? '0' : (char)(code[5] + 1));
}
