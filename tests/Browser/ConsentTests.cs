using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>An application of somebody else asks, in a real browser: refused, allowed, remembered, asked for more, and asked as somebody else.</summary>
[Collection(WorldCollection.Name)]
public sealed class ConsentTests(World world)
{
    [Theory]
    [InlineData("en", true)]
    [InlineData("zh-CN", true)]
    [InlineData("en", false)]
    [InlineData("zh-CN", false)]
    public async Task A_person_refuses_allows_and_is_asked_again_for_what_is_new(string language, bool scripts)
    {
        await using var browser = await world.NewBrowserAsync(language, scripts);
        var page = await browser.NewPageAsync();
        var address = $"chooser-{language}-{scripts}@example.com".ToLowerInvariant();
        await page.GotoAsync(Request("openid email"));
        await world.SignUpAsync(page, address);

        // Who asks, for what, in the browser's language.
        await page.WaitForURLAsync("**/consent?*");
        (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe(language);
        (await page.Locator("h1").TextContentAsync()).ShouldNotBeNull().ShouldContain("Example web application");
        (await page.Locator("main > .wishes li").CountAsync()).ShouldBe(2);
        await Assertions.Expect(page.Locator(".wishes")).ToContainTextAsync(address);

        await page.Locator("button[value=deny]").ClickAsync();
        (await AnswerAsync(page)).ShouldContain("error=access_denied");

        await page.GotoAsync(Request("openid email"));
        await page.Locator("button[value=allow]").ClickAsync();
        (await AnswerAsync(page)).ShouldContain("code=ac_");

        // Remembered.
        await page.GotoAsync(Request("openid email"));
        (await AnswerAsync(page)).ShouldContain("code=ac_");

        // What is new alone, and everything by the keyboard.
        await page.GotoAsync(Request("openid email phone"));
        (await page.Locator("main > .wishes li").CountAsync()).ShouldBe(1);
        await page.Locator("summary").ClickAsync();
        (await page.Locator("details .wishes li:visible").CountAsync()).ShouldBe(2);
        await page.Locator("button[value=allow]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        (await AnswerAsync(page)).ShouldContain("code=ac_");

        // Another language by hand keeps the question; so does another account.
        await page.GotoAsync(Request("openid email phone") + "&prompt=select_account%20consent");
        await page.Locator("button[value=continue]").ClickAsync();
        await page.WaitForURLAsync("**/consent?*");
        var other = language == "en" ? "zh-CN" : "en";
        await page.Locator($"a[hreflang='{other}']").ClickAsync();
        (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe(other);
        await page.Locator("button[value=another]").ClickAsync();
        await page.WaitForURLAsync("**/log-in?*");
        await Assertions.Expect(page.Locator("#identifier")).ToHaveValueAsync("");
    }

    private string Request(string scope) =>
        $"{world.Provider}/connect/authorize?client_id=web&response_type=code&state=s&scope={Uri.EscapeDataString(scope)}&redirect_uri={Uri.EscapeDataString(Callback)}";

    private string Callback => world.Sandbox + "/callback";

    private async Task<string> AnswerAsync(IPage page)
    {
        await page.WaitForURLAsync(url => url.StartsWith(Callback, StringComparison.Ordinal));
        return page.Url;
    }
}
