using System.Net;
using ProviderHarness;

namespace Flows;

public sealed class RefreshTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private const string Scope = "openid profile offline_access members";

    private Provider Provider => fixture.Provider;

    [Fact]
    public async Task Rotates_the_token_of_a_public_client()
    {
        var first = await SignInAsync("storefront");

        var second = await Provider.RefreshAsync("storefront", first.RefreshToken);
        var third = await Provider.RefreshAsync("storefront", second.RefreshToken);

        new[] { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Distinct().Count().ShouldBe(3);
        (await Provider.UserInfoAsync(third.AccessToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Leaves_a_confidential_client_its_token()
    {
        var first = await SignInAsync("web");

        var second = await Provider.RefreshAsync("web", first.RefreshToken);

        second.RefreshToken.ShouldBe(first.RefreshToken);
        second.AccessToken.ShouldNotBe(first.AccessToken);
    }

    [Fact]
    [Trait("Advisory", "CVE-2026-1035")]
    public async Task Gives_200_parallel_refreshes_one_distinct_refresh_token()
    {
        var first = await SignInAsync("storefront");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Provider.RefreshAsync("storefront", first.RefreshToken)));

        answers.ShouldAllBe(answer => answer.Succeeded);
        answers.Select(answer => answer.RefreshToken).Distinct().Count().ShouldBe(1);
        answers.Select(answer => answer.AccessToken).Distinct().Count().ShouldBe(200);
        (await Provider.CountAsync("select count(*) from refresh_tokens t join refresh_tokens s on s.grant_id = t.grant_id where t.hash = sha256(convert_to($1, 'UTF8'))", first.RefreshToken)).ShouldBe(2);
    }

    [Fact]
    [Trait("Advisory", "CVE-2026-53517")]
    public async Task Gives_parallel_refreshes_at_two_nodes_one_distinct_refresh_token()
    {
        await using var second = await Provider.StartSecondNodeAsync();
        var first = await SignInAsync("storefront");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? Provider : second).RefreshAsync("storefront", first.RefreshToken)));

        answers.ShouldAllBe(answer => answer.Succeeded);
        answers.Select(answer => answer.RefreshToken).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Gives_a_retry_the_same_successor_while_that_is_unused()
    {
        var first = await SignInAsync("storefront");
        var lost = await Provider.RefreshAsync("storefront", first.RefreshToken);

        Provider.Time.Advance(TimeSpan.FromSeconds(30));
        var retry = await Provider.RefreshAsync("storefront", first.RefreshToken);

        retry.RefreshToken.ShouldBe(lost.RefreshToken);
        (await Provider.RefreshAsync("storefront", retry.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_a_retry_after_the_successor_was_used_and_keeps_the_family()
    {
        var first = await SignInAsync("storefront");
        var second = await Provider.RefreshAsync("storefront", first.RefreshToken);
        var third = await Provider.RefreshAsync("storefront", second.RefreshToken);

        (await Provider.RefreshAsync("storefront", first.RefreshToken)).Error.ShouldBe("invalid_grant");

        (await Provider.RefreshAsync("storefront", third.RefreshToken)).Succeeded.ShouldBeTrue();
        (await Provider.AuditedAsync("refresh.replayed", third)).ShouldBe(1);
    }

    [Theory]
    [InlineData("scope", "openid")]
    [InlineData("resource", "urn:identity:resource:members")]
    public async Task Refuses_a_retry_that_asks_for_something_else_and_keeps_the_family(string parameter, string value)
    {
        var first = await SignInAsync("storefront");
        var second = await Provider.RefreshAsync("storefront", first.RefreshToken);

        (await Provider.RefreshAsync("storefront", first.RefreshToken, (parameter, value))).Error.ShouldBe("invalid_grant");

        (await Provider.RefreshAsync("storefront", second.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Takes_a_retry_that_names_the_same_scopes_in_another_order_as_the_same()
    {
        var first = await SignInAsync("storefront");
        var second = await Provider.RefreshAsync("storefront", first.RefreshToken, ("scope", "openid members"));

        var retry = await Provider.RefreshAsync("storefront", first.RefreshToken, ("scope", "members openid"));

        retry.RefreshToken.ShouldBe(second.RefreshToken);
    }

    // A node that starts later never saw the revocation happen: what it knows stands in the database.
    [Fact]
    [Trait("Advisory", "CVE-2026-9802")]
    public async Task Stays_revoked_at_a_node_that_starts_later()
    {
        var first = await SignInAsync("storefront");
        var second = await Provider.RefreshAsync("storefront", first.RefreshToken);
        Provider.Time.Advance(TimeSpan.FromSeconds(31));
        (await Provider.RefreshAsync("storefront", first.RefreshToken)).Error.ShouldBe("invalid_grant");

        await using var later = await Provider.StartSecondNodeAsync();

        (await later.RefreshAsync("storefront", second.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await later.RefreshAsync("storefront", first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await later.UserInfoAsync(second.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Revokes_every_grant_of_the_session_when_a_rotated_token_comes_back_late()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var other = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", Scope));
        var first = await Provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", Scope));
        var second = await Provider.RefreshAsync("storefront", first.RefreshToken);

        Provider.Time.Advance(TimeSpan.FromSeconds(31));
        (await Provider.RefreshAsync("storefront", first.RefreshToken)).Error.ShouldBe("invalid_grant");

        (await Provider.RefreshAsync("storefront", second.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await Provider.UserInfoAsync(second.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Provider.RefreshAsync("web", other.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await Provider.UserInfoAsync(other.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Provider.AuditedAsync("refresh.reused", second)).ShouldBe(1);
        (await Provider.CountAsync("select count(*) from sessions where id = $1 and ended_at is null", person.SessionId)).ShouldBe(1);
    }

    [Fact]
    public async Task Refuses_another_clients_token_and_leaves_it_alone()
    {
        var first = await SignInAsync("storefront");

        (await Provider.RefreshAsync("web", first.RefreshToken)).Error.ShouldBe("invalid_grant");
        (await Provider.RefreshAsync("agents", first.RefreshToken)).Error.ShouldBe("invalid_grant");

        (await Provider.RefreshAsync("storefront", first.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("scope", "openid email", "invalid_scope")]
    [InlineData("scope", "feedogo", "invalid_scope")]
    [InlineData("resource", "urn:identity:resource:smart-cs", "invalid_target")]
    [InlineData("resource", "urn:identity:resource:nobody", "invalid_target")]
    [Trait("Advisory", "CVE-2026-67332")]
    public async Task Refuses_more_than_was_granted_and_leaves_the_token_alone(string parameter, string value, string error)
    {
        var first = await SignInAsync("storefront");

        (await Provider.RefreshAsync("storefront", first.RefreshToken, (parameter, value))).Error.ShouldBe(error);

        (await Provider.RefreshAsync("storefront", first.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_a_resource_whose_scopes_the_request_leaves_out_and_leaves_the_token_alone()
    {
        var first = await SignInAsync("storefront");

        (await Provider.RefreshAsync("storefront", first.RefreshToken, ("scope", "openid"), ("resource", "urn:identity:resource:members"))).Error.ShouldBe("invalid_target");

        (await Provider.RefreshAsync("storefront", first.RefreshToken)).Succeeded.ShouldBeTrue();
    }

    [Theory]
    [InlineData("storefront")]
    [InlineData("web")]
    public async Task Dies_of_idleness(string clientId)
    {
        var first = await SignInAsync(clientId);

        Provider.Time.Advance(TimeSpan.FromDays(14));

        (await Provider.RefreshAsync(clientId, first.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    [Theory]
    [InlineData("storefront")]
    [InlineData("web")]
    public async Task Lives_on_by_use_to_its_absolute_end(string clientId)
    {
        var last = await SignInAsync(clientId);
        var refreshes = 0;

        while (refreshes < 20)
        {
            Provider.Time.Advance(TimeSpan.FromDays(10));
            var next = await Provider.RefreshAsync(clientId, last.RefreshToken);
            if (!next.Succeeded)
            {
                break;
            }

            last = next;
            refreshes++;
        }

        // After 80 days the last one succeeds; 90 days are the end.
        refreshes.ShouldBe(8);
    }

    [Fact]
    public async Task Writes_nothing_when_a_confidential_client_refreshes_again_soon()
    {
        var first = await SignInAsync("web");
        var before = await Provider.CountAsync("select xmin::text::bigint from refresh_tokens where hash = sha256(convert_to($1, 'UTF8'))", first.RefreshToken);

        Provider.Time.Advance(TimeSpan.FromHours(1));
        await Provider.RefreshAsync("web", first.RefreshToken);

        (await Provider.CountAsync("select xmin::text::bigint from refresh_tokens where hash = sha256(convert_to($1, 'UTF8'))", first.RefreshToken)).ShouldBe(before);
    }

    private async Task<TokenAnswer> SignInAsync(string clientId)
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        return await Provider.RedeemAsync(clientId, await person.AuthorizeAsync(clientId, Scope));
    }
}
