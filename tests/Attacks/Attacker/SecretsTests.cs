namespace Attacks;

/// <summary>The search through the log must be able to find something.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("GET /x?code=<secret>&state=1")]
    [InlineData("{\"refresh_token\":\"<secret>\"}")]
    [InlineData("Authorization: Bearer <secret>")]
    [InlineData("'<secret>'")]
    [InlineData("the end is <secret>.")]
    [InlineData("<secret>")]
    public void Finds_a_credential_wherever_it_stands_in_a_line(string line)
    {
        const string Token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";
        var handle = Oidc.Handle.Create(Oidc.Handle.RefreshToken);
        var secrets = new Secrets();
        secrets.Add("Development-1");
        secrets.LearnFrom($"{{\"a\":\"{handle}\",\"b\":\"{Token}\"}}");

        foreach (var secret in new[] { "Development-1", handle, Token })
        {
            secrets.FirstIn(line.Replace("<secret>", secret)).ShouldNotBeNull();
            secrets.FirstIn(line).ShouldBeNull();
        }
    }

    [Fact]
    public void Learns_cookies_and_codes_from_what_comes_back()
    {
        var secrets = new Secrets();

        secrets.LearnFrom(new Reply(303, [("Location", "https://x/?code=" + Oidc.Handle.Create(Oidc.Handle.AuthorizationCode)), ("Set-Cookie", "identity.session=a-cookie; path=/")], ""));

        secrets.Count.ShouldBe(2);
        secrets.FirstIn("x a-cookie x").ShouldBe("a-cookie");
    }
}
