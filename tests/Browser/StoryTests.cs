using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>The first story of the product, walked as a person walks it.</summary>
[Collection(WorldCollection.Name)]
public sealed class StoryTests(World world)
{
    private const string Password = "Walking-slowly-7";

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh-CN", true)]
    [InlineData("en", false)]
    [InlineData("zh-CN", false)]
    [Trait("Point", "37")]
    public async Task A_person_creates_an_account_keeps_a_profile_and_comes_back_by_password_and_by_code(string language, bool scripts)
    {
        await using var browser = await world.NewBrowserAsync(language);
        await using var providerBrowser = scripts ? null : await world.NewBrowserAsync(language, scripts: false);
        var address = $"walker-{language}-{scripts}@example.com".ToLowerInvariant();
        var shop = await browser.NewPageAsync();

        // Sign up: address, password, code from the mailbox.
        await SignInAsync(shop, providerBrowser, async page =>
        {
            (await page.Locator("html").GetAttributeAsync("lang")).ShouldBe(language);
            await page.Locator("a[href*='/create-account']").ClickAsync();
            await page.Locator("#identifier").FillAsync(address);
            await SubmitAsync(page);
            await page.Locator("input[type=password]").FillAsync(Password);
            var mails = world.Mailbox.Messages(address).Count;
            await SubmitAsync(page);
            await World.TypeCodeAsync(page, await world.CodeAsync(address, mails + 1));
        });
        (await shop.Locator("#person").TextContentAsync()).ShouldNotBeNull().ShouldContain(address);

        // A profile goes to the members API and is there after a reload.
        await shop.Locator("#name").FillAsync("小明 Walker");
        await shop.Locator("#contact_info").FillAsync("+8613800138000");
        await SaveAsync(shop);
        await shop.ReloadAsync();
        await Assertions.Expect(shop.Locator("#name")).ToHaveValueAsync("小明 Walker");

        // The access token lives two seconds: whoever saves later refreshes silently.
        await shop.WaitForFunctionAsync("() => JSON.parse(Object.entries(sessionStorage).find(([key]) => key.startsWith('oidc.user'))[1]).expires_at * 1000 < Date.now()");
        await shop.Locator("#companions").FillAsync("2");
        await SaveAsync(shop);
        int.Parse((await shop.Locator("#detail-refreshed").TextContentAsync())!).ShouldBeGreaterThan(0);
        shop.Url.ShouldStartWith(world.Storefront);

        await SignOutAsync(shop);

        // Again with the password.
        await SignInAsync(shop, providerBrowser, async page =>
        {
            await page.Locator("#identifier").FillAsync(address);
            await SubmitAsync(page);
            await page.Locator("a[href*='/log-in/password']").ClickAsync();
            await page.Locator("input[type=password]").FillAsync(Password);
            await SubmitAsync(page);
        });
        await Assertions.Expect(shop.Locator("#name")).ToHaveValueAsync("小明 Walker");
        await SignOutAsync(shop);

        // And again with a code.
        await SignInAsync(shop, providerBrowser, async page =>
        {
            var mails = world.Mailbox.Messages(address).Count;
            await page.Locator("#identifier").FillAsync(address);
            await SubmitAsync(page);
            await World.TypeCodeAsync(page, await world.CodeAsync(address, mails + 1));
        });
        await Assertions.Expect(shop.Locator("#name")).ToHaveValueAsync("小明 Walker");
    }

    // Without scripts the provider's pages are walked in a second browser that runs none; the answer is then opened in the first, which sent the request.
    private async Task SignInAsync(IPage shop, IBrowserContext? providerBrowser, Func<IPage, Task> walk)
    {
        await shop.GotoAsync(world.Storefront + "/");
        await shop.Locator("#sign-in").ClickAsync();
        await shop.WaitForURLAsync(url => url.StartsWith(world.Provider, StringComparison.Ordinal));
        if (providerBrowser is null)
        {
            await walk(shop);
        }
        else
        {
            await providerBrowser.ClearCookiesAsync();
            await providerBrowser.AddCookiesAsync((await shop.Context.CookiesAsync([world.Provider])).Select(AsNew));
            var page = await providerBrowser.NewPageAsync();
            await page.GotoAsync(shop.Url);
            await walk(page);
            await page.WaitForURLAsync(url => url.StartsWith(world.Storefront, StringComparison.Ordinal));
            await shop.Context.AddCookiesAsync((await providerBrowser.CookiesAsync([world.Provider])).Select(AsNew));
            await shop.GotoAsync(page.Url);
            await page.CloseAsync();
        }

        await shop.Locator("#person").WaitForAsync();
        shop.Url.ShouldStartWith(world.Storefront);
    }

    private async Task SignOutAsync(IPage shop)
    {
        await shop.Locator("#sign-out").ClickAsync();
        await shop.Locator("#sign-in").WaitForAsync();
        shop.Url.ShouldStartWith(world.Storefront);
    }

    private static async Task SaveAsync(IPage shop)
    {
        var saved = shop.WaitForResponseAsync(response => response.Url.EndsWith("/api/profile", StringComparison.Ordinal) && response.Request.Method == "POST" && response.Ok);
        await shop.Locator("#save").ClickAsync();
        await saved;
        await Assertions.Expect(shop.Locator("#saved")).Not.ToBeEmptyAsync();
    }

    private static Task SubmitAsync(IPage page) => page.Locator("main form button[type=submit]").First.ClickAsync();

    private static Cookie AsNew(BrowserContextCookiesResult cookie) => new()
    {
        Name = cookie.Name,
        Value = cookie.Value,
        Domain = cookie.Domain,
        Path = cookie.Path,
        HttpOnly = cookie.HttpOnly,
        Secure = cookie.Secure,
        SameSite = cookie.SameSite,
        Expires = cookie.Expires,
    };
}
