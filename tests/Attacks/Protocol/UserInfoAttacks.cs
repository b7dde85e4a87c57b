using Oidc;
using ProviderHarness;

namespace Attacks;

/// <summary>Tokens of every wrong kind, on every wrong way, to whoever asks who somebody is.</summary>
public sealed class UserInfoAttacks(AttackedProvider attacked) : AttackTest(attacked)
{
    private TokenAnswer _tokens = null!;

    public override async Task InitializeAsync() => _tokens = await NewVisitor().TokensAsync();

    [Fact]
    public async Task No_wrong_body_is_answered()
    {
        foreach (var (name, form, _) in Mutations.Of(Form.Of(("access_token", _tokens.AccessToken))))
        {
            var reply = await SendAsync(Shot.Post(Endpoints.UserInfo, form));

            reply.Status.ShouldBeOneOf([400, 401], name);
            reply["WWW-Authenticate"].ShouldNotBeNull(name).ShouldStartWith("Bearer ");
        }

        (await SendAsync(Shot.Post(Endpoints.UserInfo, Form.Of(("access_token", _tokens.AccessToken))))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task No_token_of_another_kind_is_answered()
    {
        var machine = await Provider.TokenAsync("machine", ("grant_type", "client_credentials"));
        var parts = _tokens.AccessToken.Split('.');
        string[] others =
        [
            _tokens.RefreshToken, _tokens["id_token"]!, machine.AccessToken, $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", $"{parts[0]}..{parts[2]}",
            $"eyJhbGciOiJub25lIn0.{parts[1]}.", $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}", _tokens.AccessToken + ".", "." + _tokens.AccessToken,
            _tokens.AccessToken + "=", $"{parts[0]}.{machine.AccessToken.Split('.')[1]}.{parts[2]}", new string('x', 16_000), "....", "\"",
        ];

        foreach (var other in others)
        {
            var reply = await SendAsync(Shot.Get(Endpoints.UserInfo).With("Authorization", "Bearer " + other));

            (reply.Status, reply.Error).ShouldBe((401, "invalid_token"), other);
        }
    }

    // Two people, one connection pool, one buffer a thread: 1 000 questions, and nobody gets another's answer (CVE-2024-51987).
    [Fact]
    [Trait("Advisory", "CVE-2024-51987")]
    public async Task Nobody_is_told_about_somebody_else()
    {
        var agent = await SignedIn.AsAsync(Provider, "agent@example.com");
        var agents = await Provider.RedeemAsync("agents", await agent.AuthorizeAsync("agents", "openid profile"));

        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) =>
        {
            var (token, name) = number % 2 == 0 ? (_tokens.AccessToken, "Alice Example") : (agents.AccessToken, "Agent Example");

            (await Provider.UserInfoAsync(token))["name"].ShouldBe(name);
        });
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer\t")]
    [InlineData("bearer:x")]
    [InlineData("Token x")]
    [InlineData("DPoP x")]
    public async Task A_header_without_a_bearer_token_is_challenged(string header)
    {
        var reply = await SendAsync(Shot.Get(Endpoints.UserInfo).With("Authorization", header));

        (reply.Status, reply.Body).ShouldBe((401, ""));
        reply["WWW-Authenticate"].ShouldBe("Bearer realm=\"userinfo\"");
    }
}
