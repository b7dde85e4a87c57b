using System.Globalization;
using ProviderHarness;

namespace Flows;

/// <summary>A class of tests of the JSON API; it shares provider and mail server with the pages' tests.</summary>
[Collection(PagesCollection.Name)]
public abstract class ApiTest(PagedProvider pages)
{
    protected const string Password = "Walking-slowly-7";
    protected const string Alice = "alice@example.com";
    protected const string AlicePassword = "Development-1";

    protected PagedProvider Pages => pages;

    protected Provider Provider => pages.Provider;

    /// <summary>A first-party front end in a browser.</summary>
    protected string FrontEnd
    {
        get
        {
            var issuer = new Uri(Provider.Issuer);
            return string.Create(CultureInfo.InvariantCulture, $"http://localhost:{issuer.Port + 3}");
        }
    }

    protected ApiVisitor NewProgram() => new(Provider, origin: null);

    protected ApiVisitor NewBrowser() => new(Provider, FrontEnd);

    protected static Task<ApiReply> AskAsync(ApiVisitor visitor, string email, string purpose) => visitor.PostAsync("/api/auth/otp/send", new { email, purpose });

    protected static Task<ApiReply> VerifyAsync(ApiVisitor visitor, ApiReply asked, string email, string purpose, string code) =>
        visitor.PostAsync("/api/auth/otp/verify", new { challengeId = asked.ChallengeId, email, purpose, code });

    /// <summary>From an address to whatever a right code of that purpose gives.</summary>
    protected async Task<ApiReply> ProveAsync(ApiVisitor visitor, string email, string purpose)
    {
        var mails = pages.Mails(email).Count;
        var asked = await AskAsync(visitor, email, purpose);
        asked.Status.ShouldBe(System.Net.HttpStatusCode.OK, asked.Text);
        return await VerifyAsync(visitor, asked, email, purpose, await pages.CodeAsync(email, mails + 1));
    }

    /// <summary>Somebody new, without a password, who is signed in.</summary>
    protected async Task<(string Email, ApiReply Answer)> SignUpAsync(ApiVisitor visitor)
    {
        var email = pages.NewAddress();
        var answer = await ProveAsync(visitor, email, "signup_otp");
        answer.Status.ShouldBe(System.Net.HttpStatusCode.OK, answer.Text);
        return (email, answer);
    }

    /// <summary>Somebody new, with <see cref="Password"/>, who is signed in.</summary>
    protected async Task<(string Email, ApiReply Answer)> SignUpWithPasswordAsync(ApiVisitor visitor)
    {
        var email = pages.NewAddress();
        var asked = await visitor.PostAsync("/api/auth/signup", new { email, password = Password });
        var answer = await VerifyAsync(visitor, asked, email, "signup_password", await pages.CodeAsync(email));
        answer.Status.ShouldBe(System.Net.HttpStatusCode.OK, answer.Text);
        return (email, answer);
    }

    /// <summary>So that the next code may be asked for.</summary>
    protected void Wait() => Provider.Time.Advance(TimeSpan.FromSeconds(61));
}
