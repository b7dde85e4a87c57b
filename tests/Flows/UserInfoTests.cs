using System.Net;
using ProviderHarness;

namespace Flows;

public sealed class UserInfoTests(ProviderFixture fixture) : IClassFixture<ProviderFixture>
{
    private Provider Provider => fixture.Provider;

    [Fact]
    public async Task Tells_every_standard_claim_of_the_granted_scopes()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid profile email phone address"));

        var claims = (await Provider.UserInfoAsync(tokens.AccessToken)).Body;

        // OpenID Connect Core §5.4.
        string[] expected =
        [
            "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website", "gender", "birthdate",
            "zoneinfo", "locale", "updated_at", "email", "email_verified", "phone_number", "phone_number_verified", "address",
        ];
        claims.EnumerateObject().Select(claim => claim.Name).Order().ShouldBe(expected.Order());
        claims.GetProperty("locale").GetString().ShouldBe("en");
        claims.GetProperty("birthdate").GetString().ShouldBe("1990-04-01");
        claims.GetProperty("address").GetProperty("postal_code").GetString().ShouldBe("200000");
        claims.GetProperty("updated_at").GetInt64().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Leaves_out_what_a_person_does_not_have()
    {
        var person = await SignedIn.AsAsync(Provider, "bob@example.com");
        var tokens = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid profile email phone address"));

        var claims = (await Provider.UserInfoAsync(tokens.AccessToken)).Body;

        claims.EnumerateObject().Select(claim => claim.Name).ShouldBe(["sub", "name", "locale", "updated_at", "email", "email_verified"], ignoreOrder: true);
        claims.GetProperty("locale").GetString().ShouldBe("zh-CN");
    }

    [Theory]
    [InlineData("agent@example.com", "agent")]
    [InlineData("alice@example.com", null)]
    public async Task Tells_roles_with_the_scope_members(string email, string? role)
    {
        var person = await SignedIn.AsAsync(Provider, email);
        var tokens = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid members"));

        (await Provider.UserInfoAsync(tokens.AccessToken))["role"].ShouldBe(role);
    }

    [Theory]
    [InlineData("update grants set revoked_at = created_at where session_id = $1")]
    [InlineData("update sessions set ended_at = created_at where id = $1")]
    [InlineData("delete from sessions where id = $1")]
    [InlineData("delete from grants where session_id = $1")]
    [InlineData("update people p set disabled_at = s.created_at from sessions s where s.id = $1 and p.id = s.person_id")]
    public async Task Refuses_once_grant_session_or_person_no_longer_stands(string sql)
    {
        var person = await SignedIn.AsAsync(Provider, await AddPersonAsync());
        var tokens = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access"));
        (await Provider.UserInfoAsync(tokens.AccessToken)).Succeeded.ShouldBeTrue();

        await Provider.ExecuteAsync(sql, person.SessionId);

        var refusal = await Provider.UserInfoAsync(tokens.AccessToken);
        refusal.Status.ShouldBe(HttpStatusCode.Unauthorized);
        refusal.Headers.WwwAuthenticate.ToString().ShouldContain("error=\"invalid_token\"");
        (await Provider.RefreshAsync("web", tokens.RefreshToken)).Error.ShouldBe("invalid_grant");
    }

    // A session that merely expires ends single sign-on only.
    [Fact]
    public async Task Outlives_the_expiry_of_the_browser_session()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var tokens = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid offline_access"));

        Provider.Time.Advance(TimeSpan.FromDays(2));

        var refreshed = await Provider.RefreshAsync("web", tokens.RefreshToken);
        (await Provider.UserInfoAsync(refreshed.AccessToken)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_a_token_of_a_client_alone_an_expired_one_and_one_without_openid()
    {
        var person = await SignedIn.AsAsync(Provider, "alice@example.com");
        var machine = await Provider.TokenAsync("machine", ("grant_type", "client_credentials"));
        var withoutOpenId = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "members"));
        var expiring = await Provider.RedeemAsync("web", await person.AuthorizeAsync("web", "openid"));

        (await Provider.UserInfoAsync(machine.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await Provider.UserInfoAsync(withoutOpenId.AccessToken)).Status.ShouldBe(HttpStatusCode.Forbidden);
        Provider.Time.Advance(TimeSpan.FromMinutes(10));
        (await Provider.UserInfoAsync(expiring.AccessToken)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<string> AddPersonAsync()
    {
        var id = Guid.CreateVersion7();
        var email = $"{id:N}@example.com";
        await Provider.ExecuteAsync("""
            insert into people (id, user_name, normalized_user_name, email, normalized_email, bind_status, two_factor_enabled, created_at, updated_at)
            values ($1, $2, $2, $2, $2, 'unbound', false, $3, $3)
            """, id, email, Provider.Time.Now);
        return email;
    }
}
