using System.Net;
using Oidc;
using ProviderHarness;

namespace Flows;

public sealed class CodeTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private const string Scope = "openid profile offline_access members";

    private Provider Provider => fixture.Provider;

    [Fact]
    public async Task Becomes_tokens()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");

        var answer = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", Scope));

        answer.Succeeded.ShouldBeTrue();
        answer["token_type"].ShouldBe("Bearer");
        answer["expires_in"].ShouldBe("600");
        answer["scope"].ShouldBe(Scope);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var idToken = DatabaseLooks.PayloadOf(answer["id_token"]!);
        idToken.GetProperty("iss").GetString().ShouldBe(Provider.Issuer);
        idToken.GetProperty("sub").GetString().ShouldBe(person.PersonId.ToString("D"));
        idToken.GetProperty("nonce").GetString().ShouldBe("n-1");
        idToken.GetProperty("sid").GetString().ShouldBe(person.SessionId);
        DatabaseLooks.PayloadOf(answer.AccessToken).GetProperty("aud").GetString().ShouldBe("members");
    }

    [Fact]
    public async Task Gives_200_parallel_redemptions_one_success()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Provider.RedeemAsync("storefront", code)));

        answers.Count(answer => answer.Succeeded).ShouldBe(1);
        answers.Where(answer => !answer.Succeeded).ShouldAllBe(answer => answer.Error == "invalid_grant" && answer.Status == HttpStatusCode.BadRequest);
        (await Provider.CountAsync("select count(*) from grants where session_id = $1", person.SessionId)).ShouldBe(1);
    }

    [Fact]
    public async Task Gives_200_parallel_redemptions_at_two_nodes_one_success()
    {
        await using var second = await Provider.StartSecondNodeAsync();
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? Provider : second).RedeemAsync("storefront", code)));

        answers.Count(answer => answer.Succeeded).ShouldBe(1);
    }

    [Fact]
    public async Task Takes_the_tokens_of_its_first_use_along_when_it_comes_again()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);
        var first = await Provider.RedeemAsync("storefront", code);
        (await Provider.UserInfoAsync(first.AccessToken)).Succeeded.ShouldBeTrue();

        (await Provider.RedeemAsync("storefront", code)).Error.ShouldBe("invalid_grant");

        (await Provider.UserInfoAsync(first.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Provider.RefreshAsync("storefront", first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await Provider.AuditedAsync("code.reused", first)).ShouldBe(1);
    }

    [Fact]
    public async Task Is_not_spent_by_another_client()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);

        (await Provider.RedeemAsync("web", code)).Error.ShouldBe("invalid_grant");
        (await Provider.RedeemAsync("agents", code)).Error.ShouldBe("invalid_grant");

        (await Provider.RedeemAsync("storefront", code)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Dies_after_a_minute()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);

        Provider.Time.Advance(TimeSpan.FromSeconds(60));

        (await Provider.RedeemAsync("storefront", code)).Error.ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData(Proof.Verifier, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(Proof.Verifier, "too-short")]
    [InlineData(Proof.Verifier, null)]
    [Trait("Advisory", "CVE-2023-48228")]
    public async Task Refuses_a_wrong_or_missing_verifier(string asked, string? redeemed)
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("web", Scope, asked);

        (await Provider.RedeemAsync("web", code, redeemed)).Error.ShouldBe("invalid_grant");

        (await Provider.CountAsync("select count(*) from grants where session_id = $1", person.SessionId)).ShouldBe(0);
    }

    // RFC 9700 §4.8.2: an attacker who stripped the challenge from the request must not profit from the client's verifier.
    [Fact]
    [Trait("Advisory", "CVE-2024-23647")]
    public async Task Refuses_a_verifier_where_no_challenge_was_asked_with()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("web", Scope, verifier: null);

        (await Provider.RedeemAsync("web", code, Proof.Verifier)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    public async Task Lets_a_confidential_client_that_registered_so_leave_PKCE_out()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");

        (await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", Scope, verifier: null), verifier: null)).Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("http://localhost:1/callback")]
    [InlineData("")]
    public async Task Refuses_another_redirect_uri_than_it_was_asked_with(string redirectUri)
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);

        var answer = await Provider.TokenAsync("storefront",
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", Proof.Verifier));

        answer.Error.ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData("update sessions set ended_at = authenticated_at where id = $1")]
    [InlineData("delete from sessions where id = $1")]
    public async Task Dies_with_its_session(string sql)
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);

        await Provider.ExecuteAsync(sql, person.SessionId);

        (await Provider.RedeemAsync("storefront", code)).Error.ShouldBe("invalid_grant");
    }

    [Fact]
    [Trait("Advisory", "CVE-2026-1609")]
    public async Task Is_refused_for_a_disabled_person()
    {
        var person = await SignedIn.AsAsync(Provider, "dave@example.com");

        (await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", Scope))).Error.ShouldBe("invalid_grant");
    }

    // The prefix is part of what is hashed, and each kind is looked for in its own table only.
    [Fact]
    [Trait("Advisory", "CVE-2026-4282")]
    public async Task A_handle_of_one_kind_is_refused_as_every_other()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var code = await person.AuthorizeAsync("storefront", Scope);
        var tokens = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", Scope));
        string[] handles = [tokens.RefreshToken, tokens.AccessToken, tokens["id_token"]!, "ch_" + code[3..], Handle.Create("se_"), person.SessionId];

        foreach (var handle in handles.Concat([Handle.AuthorizationCode + tokens.RefreshToken[3..]]))
        {
            // A signed token is longer than any code may be.
            (await Provider.RedeemAsync("storefront", handle)).Error.ShouldBe(handle.Length > 512 ? "invalid_request" : "invalid_grant");
        }

        foreach (var handle in handles.Where(handle => handle != tokens.RefreshToken).Concat([code, Handle.RefreshToken + code[3..]]))
        {
            (await Provider.RefreshAsync("storefront", handle)).Error.ShouldBe("invalid_grant");
        }

        foreach (var handle in handles.Where(handle => handle != tokens.AccessToken).Concat([code]))
        {
            (await Provider.UserInfoAsync(handle)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        }

        (await Provider.RefreshAsync("storefront", tokens.RefreshToken)).Succeeded.ShouldBeTrue();
        (await Provider.RedeemAsync("storefront", code)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Gives_no_refresh_token_without_offline_access()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");

        var answer = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid profile"));

        answer["refresh_token"].ShouldBeNull();
        (await Provider.UserInfoAsync(answer.AccessToken)).Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("openid")]
    [InlineData("openid offline_access")]
    public async Task Its_grant_lives_as_long_as_anything_made_from_it_and_as_its_session(string scope)
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var answer = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", scope));

        var lifetime = answer["refresh_token"] is null ? TimeSpan.FromHours(12) : TimeSpan.FromDays(90) + TimeSpan.FromMinutes(10);

        (await Provider.CountAsync("select extract(epoch from expires_at) from grants where session_id = $1", person.SessionId))
            .ShouldBe((Provider.Time.Now + lifetime).ToUnixTimeSeconds());
    }
}
