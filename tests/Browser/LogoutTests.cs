using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>Sessions end in a real browser: another device's at <c>/account</c>, and this one's for every application that was signed in to.</summary>
[Collection(WorldCollection.Name)]
public sealed class LogoutTests(World world)
{
    private string SignedOut => world.Sandbox + "/signed-out";

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh-CN", false)]
    public async Task A_person_sees_both_their_devices_and_signs_the_other_out(string language, bool scripts)
    {
        var address = $"two-devices-{scripts}@example.com".ToLowerInvariant();
        await using var lost = await world.NewBrowserAsync(language, scripts);
        var there = await lost.NewPageAsync();
        await there.GotoAsync(world.Provider + "/log-in");
        await world.SignUpAsync(there, address);
        await there.WaitForURLAsync("**/account");
        await Assertions.Expect(Rows(there)).ToHaveCountAsync(1);

        await using var kept = await world.NewBrowserAsync(language, scripts);
        var here = await kept.NewPageAsync();
        await here.GotoAsync(world.Provider + "/log-in");
        await here.Locator("#identifier").FillAsync(address);
        await here.Locator("main form button[type=submit]").First.ClickAsync();
        await World.TypeCodeAsync(here, await world.CodeAsync(address, mails: 2));
        await here.WaitForURLAsync("**/account");

        // Both are there; only the other has a button that ends it from here.
        await Assertions.Expect(Rows(here)).ToHaveCountAsync(2);
        var end = here.Locator("button[value=end]");
        await Assertions.Expect(end).ToHaveCountAsync(1);
        await World.LeaveAsync(here, () => end.ClickAsync());

        await Assertions.Expect(here.Locator(".notice.good")).ToBeVisibleAsync();
        await Assertions.Expect(Rows(here)).ToHaveCountAsync(1);
        await there.ReloadAsync();
        await there.WaitForURLAsync("**/log-in*");
        await here.GotoAsync(world.Provider + "/account");
        await Assertions.Expect(Rows(here)).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("zh-CN", false)]
    public async Task An_application_that_signs_a_person_out_is_told_in_a_frame_and_gets_the_person_back(string language, bool scripts)
    {
        await using var browser = await world.NewBrowserAsync(language, scripts);
        var page = await browser.NewPageAsync();
        await page.GotoAsync($"{world.Provider}/connect/authorize?client_id=web&response_type=code&state=s&scope=openid&redirect_uri={Uri.EscapeDataString(world.Sandbox + "/callback")}");
        await world.SignUpAsync(page, $"framed-{scripts}@example.com".ToLowerInvariant());
        await page.WaitForURLAsync("**/consent?*");
        await page.Locator("button[value=allow]").ClickAsync();
        await page.WaitForURLAsync(url => url.StartsWith(world.Sandbox, StringComparison.Ordinal));
        var idToken = await RedeemAsync(await page.Locator("tr[data-name=code] code").TextContentAsync());
        var told = $"iss={world.Provider} sid={ClaimsOf(idToken).GetProperty("sid").GetString()}";
        await Assertions.Expect(page.Locator("#logouts tr").Filter(new LocatorFilterOptions { HasText = told })).ToHaveCountAsync(0);

        await page.GotoAsync($"{world.Provider}/connect/endsession?id_token_hint={idToken}&state=back&post_logout_redirect_uri={Uri.EscapeDataString(SignedOut)}");
        await page.WaitForURLAsync(url => url.StartsWith(SignedOut, StringComparison.Ordinal));

        await Assertions.Expect(page.Locator("tr[data-name=state] code")).ToHaveTextAsync("back");
        var row = page.Locator("#logouts tr").Filter(new LocatorFilterOptions { HasText = told });
        await Assertions.Expect(row.Locator("th")).ToHaveTextAsync("front channel");
        await page.GotoAsync(world.Provider + "/account");
        await page.WaitForURLAsync("**/log-in*");
    }

    private static ILocator Rows(IPage page) => page.Locator("li[data-session]");

    private async Task<string> RedeemAsync(string? code)
    {
        using var client = new HttpClient();
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code ?? "",
            ["redirect_uri"] = world.Sandbox + "/callback",
            ["client_id"] = "web",
            ["client_secret"] = "web-development-secret",
        });
        using var answer = await client.PostAsync(world.Provider + "/connect/token", content);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("id_token").GetString()!;
    }

    private static JsonElement ClaimsOf(string token) => JsonElement.Parse(Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1])));
}
