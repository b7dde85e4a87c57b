using System.Net;
using ProviderHarness;

namespace Flows;

/// <summary>A class of tests of the pages.</summary>
[Collection(PagesCollection.Name)]
public abstract class PageTest(PagedProvider pages)
{
    protected const string Alice = "alice@example.com";
    protected const string AlicePhone = "+8613800138010";
    protected const string Password = "Development-1";

    protected PagedProvider Pages => pages;

    protected Provider Provider => pages.Provider;

    protected PageVisitor NewVisitor(string language = "en") => pages.NewVisitor(language);

    /// <summary>Somebody new, who comes in by a code, in their browser, and at the answer.</summary>
    protected async Task<(PageVisitor Visitor, string Address, PageAnswer Answer)> SignUpAsync()
    {
        var visitor = NewVisitor();
        var address = pages.NewAddress();
        var begun = await visitor.BeginAsync();
        var typed = await visitor.SubmitAsync(await visitor.OpenAsync(begun.Url.Replace("/log-in", "/create-account")), ("identifier", address));
        var sent = await visitor.SubmitAsync(typed, ("action", "without"));
        return (visitor, address, await visitor.SubmitAsync(sent, ("code", await pages.CodeAsync(address))));
    }

    /// <summary>How many sessions the person with that address has begun.</summary>
    protected Task<long> SessionsAsync(string address) =>
        Provider.CountAsync("select count(*) from sessions s join people p on p.id = s.person_id where p.normalized_email = $1", address);

    protected static void ShouldBePage(PageAnswer answer, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        answer.Status.ShouldBe(status, answer.Text);
        answer.Url.Split('?')[0].ShouldBe(path, answer.Text);
    }
}
