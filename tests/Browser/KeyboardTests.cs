using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>The whole way in without a pointer.</summary>
[Collection(WorldCollection.Name)]
public sealed class KeyboardTests(World world)
{
    // Where the focus is, in words; its place on the page; whether it is seen to be there.
    private const string Focus = """
        () => {
          const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
          return { name: e.id || e.getAttribute('href')?.split('?')[0] || e.value || e.localName, top: box.top + scrollY, left: box.left, seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
        }
        """;

    [Fact]
    [Trait("Point", "33")]
    public async Task A_person_signs_up_and_in_by_keyboard_alone()
    {
        await using var browser = await world.NewBrowserAsync("en");
        var page = await browser.NewPageAsync();
        const string address = "typist@example.com";
        await page.GotoAsync(world.SignIn());

        await TabToAsync(page, "/create-account");
        await PressAsync(page, "Enter");
        await page.Keyboard.TypeAsync(address);
        await PressAsync(page, "Enter");
        await page.Keyboard.TypeAsync("Walking-slowly-7");
        await TabToAsync(page, "button");
        await page.Keyboard.PressAsync("Space");
        (await page.Locator("#password").GetAttributeAsync("type")).ShouldBe("text");
        await page.Keyboard.PressAsync("Shift+Tab");
        await PressAsync(page, "Enter");
        await Assertions.Expect(page.Locator("#code")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(await world.CodeAsync(address));
        await page.WaitForURLAsync(url => url.StartsWith(world.Storefront, StringComparison.Ordinal));

        await page.GotoAsync(world.Provider + "/log-out");
        await TabToAsync(page, "button");
        await PressAsync(page, "Enter");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("You are signed out");
    }

    [Theory]
    [InlineData("/log-in")]
    [InlineData("/create-account")]
    [InlineData("/log-in/error")]
    [InlineData("code")]
    [Trait("Point", "33")]
    public async Task The_order_of_the_keyboard_is_the_order_of_the_eye_and_the_focus_is_seen(string path)
    {
        await using var browser = await world.NewBrowserAsync("zh-CN");
        var page = await browser.NewPageAsync();
        await page.GotoAsync(path == "code" ? world.SignIn() : world.Provider + path);
        if (path == "code")
        {
            await page.Locator("#identifier").FillAsync("looker@example.com");
            await World.LeaveAsync(page, () => page.Keyboard.PressAsync("Enter"));
        }

        await page.EvaluateAsync("() => document.activeElement.blur()");
        await page.EvaluateAsync("() => { document.querySelector('.skip').focus(); }");
        List<Stop> stops = [];
        for (var i = 0; i < 20; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var stop = await page.EvaluateAsync<Stop>(Focus);
            if (stop.Name == "body" || stops.Exists(earlier => earlier == stop))
            {
                break;
            }

            stop.Seen.ShouldBeTrue(stop.Name);
            stops.Add(stop);
        }

        stops.Count.ShouldBeGreaterThan(5);
        foreach (var (before, after) in stops.Zip(stops.Skip(1)))
        {
            // Lower, or beside and further right.
            (after.Top > before.Top - 12 && (after.Top > before.Top + 12 || after.Left > before.Left)).ShouldBeTrue($"{before} then {after}");
        }
    }

    private static async Task TabToAsync(IPage page, string name)
    {
        for (var i = 0; i < 20; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if ((await page.EvaluateAsync<Stop>(Focus)).Name == name)
            {
                return;
            }
        }

        throw new TimeoutException($"The keyboard never reaches {name}.");
    }

    private static Task PressAsync(IPage page, string key) => World.LeaveAsync(page, () => page.Keyboard.PressAsync(key));

    private sealed record Stop
    {
        public string Name { get; set; } = "";
        public double Top { get; set; }
        public double Left { get; set; }
        public bool Seen { get; set; }
    }
}
