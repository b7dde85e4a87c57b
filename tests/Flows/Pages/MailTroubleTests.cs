namespace Flows;

/// <summary>What the page for the code says while the mail is on its way.</summary>
public sealed class MailTroubleTests(PagedProvider pages) : PageTest(pages)
{
    [Theory]
    [InlineData("RCPT", 451, "4.7.1 Greylisted, come back later")]
    [InlineData("CONNECT", 421, "4.3.2 Closed for maintenance")]
    public async Task Says_that_the_mail_is_held_up_and_what_to_do_until_it_got_through(string call, int status, string text)
    {
        await Pages.NextMailAsync(call, status, text);
        var visitor = NewVisitor();
        var address = Pages.NewAddress();
        var page = await visitor.AskForCodeAsync(address);

        var told = await UntilAsync(visitor, page.Url, says => says.Contains("held up", StringComparison.Ordinal));

        told.ShouldContain("You can wait, or use a password instead.");
        // The script of an open page asks for the same sentence.
        var asked = page.Html.QuerySelector("[data-mail]").ShouldNotBeNull().GetAttribute("data-mail")!;
        (await visitor.GetAsync(asked)).Body.ShouldBe(told);

        Provider.Time.Advance(TimeSpan.FromSeconds(31));
        await Pages.CodeAsync(address);
        (await UntilAsync(visitor, page.Url, says => says.Length == 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Says_that_the_mail_cannot_be_delivered_and_what_to_do()
    {
        await Pages.NextMailAsync("RCPT", 550, "5.1.1 No such user");
        var visitor = NewVisitor("zh-CN");
        var page = await visitor.AskForCodeAsync(Pages.NewAddress());

        var told = await UntilAsync(visitor, page.Url, says => says.Length > 0);

        told.ShouldBe("邮件无法送达。请检查邮箱地址，或改用密码登录。");
    }

    // The page is asked again until it says what is awaited; it is not this test that decides how soon.
    private static async Task<string> UntilAsync(PageVisitor visitor, string url, Predicate<string> isAwaited)
    {
        for (var i = 0; i < 400; i++)
        {
            var notice = (await visitor.OpenAsync(url)).Html.QuerySelector("[data-mail]").ShouldNotBeNull();
            notice.HasAttribute("hidden").ShouldBe(notice.TextContent.Length == 0);
            if (isAwaited(notice.TextContent))
            {
                return notice.TextContent;
            }

            await Task.Delay(25);
        }

        throw new TimeoutException("The page never said so.");
    }
}
