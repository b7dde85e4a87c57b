using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>Colours, motion and weight as a browser has them.</summary>
[Collection(WorldCollection.Name)]
public sealed class ColourTests(World world)
{
    private const string Ground = "() => getComputedStyle(document.documentElement).backgroundColor";

    [Fact]
    [Trait("Point", "36")]
    public async Task The_device_chooses_the_colours_until_the_person_does_and_nothing_typed_is_lost()
    {
        await using var browser = await world.NewBrowserAsync("en");
        var page = await browser.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.GotoAsync(world.SignIn());
        var light = await page.EvaluateAsync<string>(Ground);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        var dark = await page.EvaluateAsync<string>(Ground);
        dark.ShouldNotBe(light);

        await page.Locator("#identifier").FillAsync("half an addr");
        var kept = page.WaitForResponseAsync(response => response.Url.Contains("theme=light", StringComparison.Ordinal));
        await page.Locator("[data-theme-choice=light]").ClickAsync();
        (await page.EvaluateAsync<string>(Ground)).ShouldBe(light);
        await Assertions.Expect(page.Locator("#identifier")).ToHaveValueAsync("half an addr");
        await Assertions.Expect(page.Locator("[data-theme-choice=light]")).ToHaveAttributeAsync("aria-current", "true");

        // Kept by the server: the next page is light from its first byte, on a dark device.
        await kept;
        await page.GotoAsync(world.Provider + "/create-account");
        (await page.EvaluateAsync<string>(Ground)).ShouldBe(light);
    }

    [Fact]
    [Trait("Point", "36")]
    public async Task Who_wants_no_motion_gets_none()
    {
        await using var browser = await world.NewBrowserAsync("en");
        var page = await browser.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await page.GotoAsync(world.SignIn());
        var moving = await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).map(e => e.outerHTML.slice(0, 80))
            """);
        moving.ShouldBeEmpty();
        await page.EvaluateAsync("() => { window.transitions = 0; addEventListener('pageswap', e => { sessionStorage.setItem('transition', String(e.viewTransition !== null)); }); }");
        await World.LeaveAsync(page, () => page.Locator("a[href*='/create-account']").ClickAsync());
        (await page.EvaluateAsync<string>("() => sessionStorage.getItem('transition')")).ShouldBe("false");
    }

    [Fact]
    [Trait("Point", "36")]
    public async Task With_forced_colours_every_button_and_field_still_has_a_border()
    {
        await using var browser = await world.NewBrowserAsync("en");
        var page = await browser.NewPageAsync();
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ForcedColors = ForcedColors.Active });
        await page.GotoAsync(world.SignIn());
        var borderless = await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('main input:not([type=hidden]), .primary, .secondary, .card')]
              .filter(e => { const s = getComputedStyle(e); return s.borderTopStyle === 'none' || parseFloat(s.borderTopWidth) < 1 || s.borderTopColor === s.backgroundColor; }).map(e => e.outerHTML.slice(0, 80))
            """);
        borderless.ShouldBeEmpty();
    }

    // Needs a quiet machine; that the page is light and its chain short is held elsewhere and always.
    [Fact]
    [Trait("Category", "Scale")]
    [Trait("Point", "40")]
    public async Task The_first_page_is_there_within_a_second_on_a_slow_line()
    {
        await using var browser = await world.NewBrowserAsync("en");
        var page = await browser.NewPageAsync();
        var wire = await browser.NewCDPSessionAsync(page);
        await wire.SendAsync("Network.enable");
        // Slow 4G, as Lighthouse has it.
        await wire.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false,
            ["latency"] = 150,
            ["downloadThroughput"] = 1_638_400 / 8,
            ["uploadThroughput"] = 768_000 / 8,
        });
        double received = 0;
        wire.Event("Network.loadingFinished").OnEvent += (_, finished) => received += finished!.Value.GetProperty("encodedDataLength").GetDouble();
        await page.AddInitScriptAsync("new PerformanceObserver(list => { window.largest = list.getEntries().at(-1).startTime; }).observe({ type: 'largest-contentful-paint', buffered: true });");

        await page.GotoAsync(world.Provider + "/log-in", new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });
        await page.WaitForFunctionAsync("() => window.largest > 0");

        received.ShouldBeInRange(1_000, 60 * 1_024);
        (await page.EvaluateAsync<double>("() => window.largest")).ShouldBeLessThan(1_000);
    }
}
