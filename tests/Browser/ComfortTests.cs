using Microsoft.Playwright;

namespace Browser.Tests;

/// <summary>What scripts add to the pages.</summary>
[Collection(WorldCollection.Name)]
public sealed class ComfortTests(World world) : IAsyncLifetime
{
    private IBrowserContext _browser = null!;
    private IPage _page = null!;

    public async Task InitializeAsync()
    {
        _browser = await world.NewBrowserAsync("en");
        _page = await _browser.NewPageAsync();
    }

    public async Task DisposeAsync() => await _browser.DisposeAsync();

    [Fact]
    [Trait("Point", "1")]
    public async Task The_keyboard_switches_to_digits_only_for_who_begins_with_one()
    {
        await _page.GotoAsync(world.SignIn());
        var field = _page.Locator("#identifier");
        foreach (var (typed, mode) in new[] { ("a", "email"), ("+", "tel"), ("1", "tel"), ("138 0013", "tel"), ("1a@", "email"), ("", "email") })
        {
            await field.FillAsync(typed);
            (await field.EvaluateAsync<string>("e => e.inputMode")).ShouldBe(mode, typed);
        }
    }

    [Fact]
    [Trait("Point", "8")]
    public async Task Showing_the_password_keeps_focus_and_caret()
    {
        await _page.GotoAsync(world.SignIn());
        await _page.Locator("#identifier").FillAsync("+8613800138010");
        await SubmitAsync();
        await _page.Locator("#password").FillAsync("abcdef");
        await _page.Locator("#password").EvaluateAsync("e => e.setSelectionRange(2, 2)");
        var button = _page.Locator("[data-reveal]");
        (await button.GetAttributeAsync("aria-pressed")).ShouldBe("false");

        await button.ClickAsync();

        (await button.GetAttributeAsync("aria-pressed")).ShouldBe("true");
        var state = await _page.EvaluateAsync<string>("() => { const e = document.activeElement; return `${e.id} ${e.type} ${e.selectionStart}`; }");
        state.ShouldBe("password text 2");
        await button.ClickAsync();
        (await _page.Locator("#password").GetAttributeAsync("type")).ShouldBe("password");
    }

    [Theory]
    [InlineData("Your code is {0} {1}.", "sentence")]
    [InlineData("{0}\u2009{1}", "thin-space")]
    [InlineData("full width", "full-width")]
    [Trait("Point", "14")]
    public async Task A_pasted_code_is_sent_as_six_digits(string pasted, string guest)
    {
        var address = await AskForCodeAsync($"paster-{guest}");
        var code = await world.CodeAsync(address);
        var text = pasted == "full width" ? string.Concat(code.Select(digit => (char)(digit - '0' + '０'))) : pasted.Replace("{0}", code[..3]).Replace("{1}", code[3..]);
        string? sent = null;
        _page.Request += (_, request) => sent = request.Method == "POST" ? request.PostData : sent;

        // As a paste arrives: all at once.
        await World.LeaveAsync(_page, () => _page.Keyboard.InsertTextAsync(text));

        sent.ShouldNotBeNull().ShouldContain("code=" + code);
        await Assertions.Expect(_page.Locator("h1")).ToHaveTextAsync("No account yet");
    }

    [Fact]
    [Trait("Point", "17")]
    public async Task A_code_is_sent_by_itself_once_and_a_wrong_one_stays_to_be_corrected()
    {
        var address = await AskForCodeAsync("corrector");
        var code = await world.CodeAsync(address);
        var wrong = code[..5] + (code[5] == '0' ? '1' : '0');
        var posts = 0;
        _page.Request += (_, request) => posts += request.Method == "POST" ? 1 : 0;

        await World.LeaveAsync(_page, () => _page.Keyboard.TypeAsync(wrong));

        posts.ShouldBe(1);
        var field = _page.Locator("#code");
        await Assertions.Expect(field).ToBeFocusedAsync();
        await Assertions.Expect(field).ToHaveValueAsync(wrong);
        await Assertions.Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        var notice = _page.Locator("#" + await field.GetAttributeAsync("aria-describedby"));
        (await notice.GetAttributeAsync("role")).ShouldBe("alert");
        await Assertions.Expect(notice).ToHaveTextAsync("That is not the code. Check and try again.");

        // The same once more is sent by the button only.
        await field.FillAsync("");
        await _page.Keyboard.TypeAsync(wrong);
        await World.LeaveAsync(_page, () => _page.Keyboard.PressAsync("Enter"));
        posts.ShouldBe(2);

        // It is selected, so that typing replaces it.
        await World.LeaveAsync(_page, () => _page.Keyboard.TypeAsync(code));
        posts.ShouldBe(3);
        await Assertions.Expect(_page.Locator("h1")).ToHaveTextAsync("No account yet");
    }

    [Fact]
    [Trait("Point", "18")]
    [Trait("Point", "34")]
    public async Task The_seconds_until_the_next_code_go_on_over_a_reload_and_are_spoken_at_30_10_and_0()
    {
        await AskForCodeAsync("waiter");
        for (var sent = 2; sent <= 3; sent++)
        {
            await World.LeaveAsync(_page, () => _page.Locator("button[value=resend]").ClickAsync());
        }

        var before = await SecondsAsync(_page);
        before.ShouldBeInRange(30, 60);

        await _page.WaitForFunctionAsync($"() => parseInt(document.querySelector('[data-countdown] time').textContent.match(/\\d+/)) < {before}");
        await _page.ReloadAsync();
        (await SecondsAsync(_page)).ShouldBeLessThan(before);
        var otherTab = await _browser.NewPageAsync();
        await otherTab.GotoAsync(_page.Url);
        (await SecondsAsync(otherTab)).ShouldBeLessThanOrEqualTo(await SecondsAsync(_page) + 1);

        // From here on by the page's own clock.
        await otherTab.Clock.InstallAsync();
        await otherTab.ReloadAsync();
        await otherTab.EvaluateAsync("""
            () => {
              const voice = document.querySelector('[data-announce]');
              window.spoken = [];
              new MutationObserver(() => window.spoken.push(voice.textContent)).observe(voice, { childList: true });
            }
            """);
        (await otherTab.Locator("[data-announce]").GetAttributeAsync("role")).ShouldBe("status");
        await Assertions.Expect(otherTab.Locator("button[value=resend]")).ToBeHiddenAsync();

        await otherTab.Clock.RunForAsync(61_000);

        (await otherTab.EvaluateAsync<string[]>("() => window.spoken")).ShouldBe(["You can ask for a new code in 30 seconds.", "You can ask for a new code in 10 seconds.", "Send a new code"]);
        await Assertions.Expect(otherTab.Locator("button[value=resend]")).ToBeVisibleAsync();
    }

    [Fact]
    [Trait("Point", "28")]
    public async Task A_button_pressed_twice_sends_one_request()
    {
        await _page.GotoAsync(world.SignIn());
        await _page.Locator("#identifier").FillAsync("+8613800138010");
        var posts = 0;
        _page.Request += (_, request) => posts += request.Method == "POST" ? 1 : 0;

        await World.LeaveAsync(_page, () => _page.Locator("main form button[type=submit]").DblClickAsync());
        await Assertions.Expect(_page.Locator("#password")).ToBeVisibleAsync();
        posts.ShouldBe(1);

        await _page.Locator("#password").FillAsync("not-the-password");
        await World.LeaveAsync(_page, async () =>
        {
            await _page.Locator("#password").EvaluateAsync("e => { e.form.requestSubmit(); e.form.requestSubmit(); }");
        });
        posts.ShouldBe(2);
    }

    [Fact]
    [Trait("Point", "29")]
    public async Task The_way_back_in_the_browser_shows_no_form_after_signing_in()
    {
        await _page.GotoAsync(world.SignIn());
        await _page.Locator("#identifier").FillAsync("+8613800138010");
        await SubmitAsync();
        await _page.Locator("#password").FillAsync("Development-1");
        await _page.Locator("main form button[type=submit]").First.ClickAsync();
        await _page.WaitForURLAsync(url => url.StartsWith(world.Storefront, StringComparison.Ordinal));

        await _page.GoBackAsync();

        if (_page.Url.StartsWith(world.Provider, StringComparison.Ordinal))
        {
            await Assertions.Expect(_page.Locator("h1")).ToHaveTextAsync("You are signed in");
            (await _page.Locator("main form").CountAsync()).ShouldBe(0);
        }
        else
        {
            // The pages of the way in are not kept; before them is the application.
            _page.Url.ShouldStartWith(world.Storefront);
        }
    }

    [Fact]
    [Trait("Point", "30")]
    public async Task The_request_id_of_an_error_is_copied_by_a_button()
    {
        await _browser.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await _page.GotoAsync(world.Provider + "/connect/authorize?client_id=nobody");
        var id = await _page.Locator("#request-id").TextContentAsync();

        await _page.Locator("[data-copy]").ClickAsync();

        await Assertions.Expect(_page.Locator("[data-announce]")).ToHaveTextAsync("Copied");
        (await _page.EvaluateAsync<string>("() => navigator.clipboard.readText()")).ShouldBe(id);
    }

    private static async Task<int> SecondsAsync(IPage page) =>
        await page.EvaluateAsync<int>("() => parseInt(document.querySelector('[data-countdown] time').textContent.match(/\\d+/))");

    private Task SubmitAsync() => World.LeaveAsync(_page, () => _page.Locator("main form button[type=submit]").First.ClickAsync());

    private async Task<string> AskForCodeAsync(string guest)
    {
        var address = guest + "@example.com";
        await _page.GotoAsync(world.SignIn());
        await _page.Locator("#identifier").FillAsync(address);
        await SubmitAsync();
        await Assertions.Expect(_page.Locator("#code")).ToBeFocusedAsync();
        return address;
    }
}
