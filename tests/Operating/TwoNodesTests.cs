using System.Net;
using System.Security.Cryptography;
using Accounts;
using Microsoft.Extensions.DependencyInjection;
using Oidc;

namespace Operating;

/// <summary>What must happen at most once, or within a budget, counts over all nodes together. Codes and refresh tokens: tests/Flows.</summary>
public sealed class TwoNodesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private readonly string _address = $"{RandomNumberGenerator.GetHexString(12, lowercase: true)}@example.com";
    private readonly byte[] _browser = RandomNumberGenerator.GetBytes(16);
    private readonly IPAddress _ip = new([10, .. RandomNumberGenerator.GetBytes(3)]);

    [Fact]
    public async Task One_code_a_minute_is_sent_to_an_address_whichever_nodes_are_asked()
    {
        var outcomes = await AllAsync(40, SendAsync);

        outcomes.Count(outcome => outcome is SendOutcome.Sent).ShouldBe(1);
        outcomes.Count(outcome => outcome is SendOutcome.Limited).ShouldBe(39);
    }

    [Fact]
    public async Task Twenty_codes_a_minute_are_sent_for_one_IP_whichever_nodes_are_asked()
    {
        var outcomes = await AllAsync(40, node => CodesOf(node).SendAsync(
            new CodeRequest($"{RandomNumberGenerator.GetHexString(12)}@example.com", CodePurpose.SignIn, Surface.Page, _browser, _ip, "en", KnownDevice: false), CancellationToken.None));

        outcomes.Count(outcome => outcome is SendOutcome.Sent).ShouldBe(20);
    }

    [Fact]
    public async Task A_right_code_proves_its_address_once_whichever_nodes_judge_it()
    {
        var challenge = await SentAsync();
        var code = await nodes.MailedCodeAsync(_address);

        var outcomes = await AllAsync(200, node => TryAsync(node, challenge, code));

        outcomes.Count(outcome => outcome is VerifyOutcome.Proven).ShouldBe(1);
        outcomes.Count(outcome => outcome is VerifyOutcome.Unknown).ShouldBe(199);
    }

    [Fact]
    public async Task Five_wrong_guesses_are_judged_whichever_nodes_judge_them()
    {
        var challenge = await SentAsync();
        var wrong = await nodes.MailedCodeAsync(_address) == "111111" ? "222222" : "111111";

        var outcomes = await AllAsync(60, node => TryAsync(node, challenge, wrong));

        outcomes.Count(outcome => outcome is VerifyOutcome.Wrong).ShouldBe(5);
        (await TryAsync(nodes.Second, challenge, await nodes.MailedCodeAsync(_address))).ShouldBeOfType<VerifyOutcome.Spent>();
    }

    [Fact]
    public async Task Five_wrong_passwords_are_judged_whichever_nodes_judge_them()
    {
        var outcomes = await AllAsync(24, node => node.Services.GetRequiredService<PasswordSignIn>()
            .TryAsync(new PasswordAttempt("bob@example.com", "wrong-password", _ip, KnownDevice: false), CancellationToken.None));

        outcomes.Count(outcome => outcome is PasswordOutcome.Locked).ShouldBe(19);
    }

    [Fact]
    public async Task A_code_used_again_at_the_other_node_takes_the_first_uses_tokens_along()
    {
        var person = await SignedIn.AsAsync(nodes.First, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", "openid offline_access");
        var tokens = await nodes.First.RedeemAsync("storefront", code);

        (await nodes.Second.RedeemAsync("storefront", code)).Error.ShouldBe("invalid_grant");

        (await nodes.First.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nodes.First.RefreshAsync("storefront", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task A_session_ended_at_one_node_is_over_at_the_other_at_once()
    {
        var person = await SignedIn.AsAsync(nodes.First, "alice@example.com");
        var tokens = await nodes.First.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));
        (await nodes.Second.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();

        await nodes.First.Services.GetRequiredService<ISessionStore>().EndAsync(person.SessionId, nodes.First.Time.Now, CancellationToken.None);

        (await nodes.Second.UserInfoAsync(tokens.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await nodes.Second.RefreshAsync("storefront", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    private static OneTimeCodes CodesOf(Provider node) => node.Services.GetRequiredService<OneTimeCodes>();

    private async Task<string> SentAsync() => (await SendAsync(nodes.First)).ShouldBeOfType<SendOutcome.Sent>().Challenge;

    private Task<SendOutcome> SendAsync(Provider node) =>
        CodesOf(node).SendAsync(new CodeRequest(_address, CodePurpose.SignIn, Surface.Page, _browser, _ip, "en", KnownDevice: false), CancellationToken.None);

    private Task<VerifyOutcome> TryAsync(Provider node, string challenge, string code) =>
        CodesOf(node).VerifyAsync(new CodeAttempt(challenge, code, CodePurpose.SignIn, Surface.Page, _browser, _ip, KnownDevice: false), CancellationToken.None);

    private Task<T[]> AllAsync<T>(int times, Func<Provider, Task<T>> callAsync) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(i => Task.Run(() => callAsync(nodes[i]))));
}
