using System.Net.Http.Headers;
using ProviderHarness;

namespace Flows;

public sealed class LogTests
{
    // Everything runs at level Trace, the server's and the database driver's own lines included.
    [Fact]
    public async Task Nothing_secret_is_logged_at_any_level()
    {
        var provider = await Provider.StartAsync(null, "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace", "Logging:LogLevel:Npgsql=Trace");
        var person = await SignedIn.AsAsync(provider, "alice@example.com");
        var code = await person.AuthorizeAsync("web", "openid profile offline_access");
        var tokens = await provider.RedeemAsync("web", code);
        await provider.RedeemAsync("web", code);
        await provider.RefreshAsync("web", tokens.RefreshToken);
        var rotating = await provider.RedeemAsync("storefront", await person.AuthorizeAsync("storefront", "openid offline_access"));
        var rotated = await provider.RefreshAsync("storefront", rotating.RefreshToken);
        await provider.UserInfoAsync(rotated.AccessToken);
        await provider.TokenAsync("machine", "a-secret-that-is-wrong", ("grant_type", "client_credentials"));
        await provider.Client.GetAsync($"/connect/authorize?client_id=web&code_challenge=x&state=a-state&id_token_hint={tokens["id_token"]}");
        await provider.Client.GetAsync($"/connect/endsession?id_token_hint={tokens["id_token"]}");
        await provider.Client.GetAsync($"/nowhere?access_token={rotated.AccessToken}");
        using (var malformed = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo"))
        {
            malformed.Headers.Authorization = new AuthenticationHeaderValue("Bearer", rotated.AccessToken + "x");
            await provider.Client.SendAsync(malformed);
        }
        await provider.DisposeAsync();

        string[] secrets =
        [
            code, tokens.RefreshToken, rotating.RefreshToken, rotated.RefreshToken, rotated.AccessToken, tokens["id_token"]!, Proof.Verifier,
            "web-development-secret", "a-secret-that-is-wrong", "Development-1", provider.Database.ConnectionString.Split("Password=")[1].Split(';')[0],
        ];
        provider.Log.Lines.Count.ShouldBeGreaterThan(20);
        foreach (var secret in secrets)
        {
            provider.Log.Lines.ShouldNotContain(line => line.Contains(secret, StringComparison.Ordinal));
        }
    }
}
