using System.Text.RegularExpressions;
using ProviderHarness;

namespace Flows;

/// <summary>No answer tells whether an address has an account, but the one the seed orders; and where that is switched off, none at all.</summary>
public sealed partial class ApiEnumerationTests(PagedProvider pages) : ApiTest(pages)
{
    [Theory]
    [InlineData("/api/auth/otp/send", "purpose", "login_otp")]
    [InlineData("/api/auth/otp/send", "purpose", "signup_otp")]
    [InlineData("/api/auth/otp/send", "purpose", "signup_password")]
    [InlineData("/api/auth/signup", "password", Password)]
    [InlineData("/api/auth/send-code", "type", "EMAIL_REGISTER")]
    [InlineData("/api/auth/send-code", "type", "PASSWORD_RESET")]
    public async Task Nothing_tells_when_a_code_is_asked_for(string path, string field, string value)
    {
        var (known, _) = await SignUpWithPasswordAsync(NewProgram());
        var unknown = Pages.NewAddress();
        Wait();

        var answers = new List<string>();
        foreach (var email in new[] { known, unknown })
        {
            var visitor = NewBrowser();
            for (var i = 0; i < 2; i++)
            {
                answers.Add(Masked(await visitor.PostAsync(path, new Dictionary<string, string> { ["email"] = email, [field] = value }), email));
            }
        }

        answers[..2].ShouldBe(answers[2..]);
    }

    [Fact]
    public async Task Nothing_tells_when_codes_and_passwords_are_wrong()
    {
        var (known, _) = await SignUpWithPasswordAsync(NewProgram());
        var unknown = Pages.NewAddress();
        Wait();

        var answers = new List<List<string>>();
        foreach (var email in new[] { known, unknown })
        {
            var (visitor, heard) = (NewProgram(), new List<string>());
            var mails = Pages.Mails(email).Count;
            var asked = await AskAsync(visitor, email, "login_otp");
            var wrong = PagedProvider.Other(await Pages.CodeAsync(email, mails + 1));
            for (var i = 0; i < 6; i++)
            {
                heard.Add(Masked(await VerifyAsync(visitor, asked, email, "login_otp", wrong), email));
                heard.Add(Masked(await visitor.PostAsync("/api/auth/login", new { email, password = "not-the-password" }), email));
            }

            answers.Add(heard);
        }

        answers[0].ShouldBe(answers[1]);
        answers[0].Count(answer => answer.Contains("AUTH_ACCOUNT_LOCKED")).ShouldBe(1);
    }

    [Fact]
    public async Task A_strict_installation_tells_nobody_of_an_account_without_a_password()
    {
        await using var strict = await Provider.StartAsync(null, "Accounts:Enumeration=strict");

        var answers = new List<string>();
        foreach (var address in new[] { "bob@example.com", "bab@example.com" })
        {
            answers.Add(Masked(await new ApiVisitor(strict, null).PostAsync("/api/auth/login", new { email = address, password = "not-the-password" }), address));
        }

        answers[0].ShouldBe(answers[1]);
        answers[0].ShouldContain("AUTH_INVALID_CREDENTIALS");
    }

    private static string Masked(ApiReply reply, string email)
    {
        var headers = reply.Headers.Where(header => !header.Name.Equals("X-Request-Id", StringComparison.OrdinalIgnoreCase) && header.Name != "Date").Select(header => $"{header.Name}: {header.Value}").Order();
        var text = $"{reply.Status}\n{string.Join('\n', headers)}\n\n{reply.Text.Replace(reply.Header("X-Request-Id")!, "<id>", StringComparison.Ordinal)}";
        return Random().Replace(text, match => $"<{match.Length}>").Replace(email, "<address>", StringComparison.Ordinal);
    }

    [GeneratedRegex("(br_|se_|ch_)[A-Za-z0-9_-]{43}")]
    private static partial Regex Random();
}
