using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Conformance;

/// <summary>A client of the suite, as <c>config/conformance.yaml</c> registers it.</summary>
/// <param name="ResponseMode">Null: none is asked for.</param>
public sealed record RelyingParty(TestedProvider Provider, string Id, string? ResponseMode = null)
{
    /// <summary>What follows the registered callback.</summary>
    public string RegisteredQuery { get; init; } = "";

    public bool SecretInForm { get; init; }

    public string RedirectUri => AddressOf("callback") + RegisteredQuery;

    public string PostLogoutRedirectUri => AddressOf("post_logout_redirect");

    public string AddressOf(string path) => $"{Provider.Suite}/test/a/identity/{path}";

    /// <summary>An authorization request for a code, right in all respects.</summary>
    public Form Request(string scope = "openid")
    {
        var request = Form.Of(
            ("client_id", Id), ("redirect_uri", RedirectUri), ("scope", scope), ("state", Draw()), ("nonce", Draw()), ("response_type", "code"));
        return ResponseMode is null ? request : request.And("response_mode", ResponseMode);
    }

    public Task<Arrival> AskAsync(Browser browser, Form request) => browser.GoAsync(Provider.Endpoint("authorization_endpoint"), request);

    /// <summary>The whole flow: request, code, tokens, userinfo, and all that holds for each.</summary>
    public async Task<SignIn> SignInAsync(Browser browser, Form request) => await CompleteAsync(await AskAsync(browser, request), request);

    /// <summary>The rest of the flow once the browser is back.</summary>
    public async Task<SignIn> CompleteAsync(Arrival arrival, Form request, string? verifier = null)
    {
        var code = arrival.ShouldBringCode(request);
        var tokens = await RedeemAsync(code, verifier);
        tokens.ShouldBeTokens();
        var accessToken = tokens.Json.GetProperty("access_token").GetString()!;
        var idToken = await ReadIdTokenAsync(tokens, request.Names.Contains("nonce") ? request["nonce"] : null);
        var userInfo = await UserInfoAsync(accessToken);
        userInfo.ShouldBeUserInfo(idToken);
        return new SignIn(arrival, code, tokens, idToken, userInfo.Json);
    }

    public Task<IdToken> ReadIdTokenAsync(Reply tokens, string? nonce) => IdTokens.ReadAsync(
        Provider, tokens.Json.GetProperty("id_token").GetString()!, Id, nonce, tokens.Json.GetProperty("access_token").GetString()!);

    public Task<Reply> RedeemAsync(string code, string? verifier = null)
    {
        var form = Form.Of(("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri));
        return TokenAsync(verifier is null ? form : form.And("code_verifier", verifier));
    }

    public Task<Reply> RefreshAsync(string refreshToken) => TokenAsync(Form.Of(("grant_type", "refresh_token"), ("refresh_token", refreshToken)));

    public Task<Reply> UserInfoAsync(string accessToken, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, Provider.Endpoint("userinfo_endpoint"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return Provider.SendAsync(request);
    }

    public Task<Reply> PostAsync(string endpoint, Form form, AuthenticationHeaderValue? authorization = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Provider.Endpoint(endpoint))
        {
            Content = new StringContent(form.ToString(), new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
        };
        request.Headers.Authorization = authorization;
        return Provider.SendAsync(request);
    }

    /// <summary>Ten characters, as the suite draws them; more where a module says so.</summary>
    public static string Draw(int length = 10) => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);

    private Task<Reply> TokenAsync(Form form)
    {
        var secret = Id + "-development-secret";
        return SecretInForm
            ? PostAsync("token_endpoint", form.And("client_id", Id).And("client_secret", secret))
            : PostAsync("token_endpoint", form, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Id}:{secret}"))));
    }
}

/// <summary>What a complete flow brought.</summary>
public sealed record SignIn(Arrival Arrival, string Code, Reply Tokens, IdToken IdToken, JsonElement UserInfo)
{
    public string AccessToken => Tokens.Json.GetProperty("access_token").GetString()!;

    /// <summary>The ID token as it came.</summary>
    public string RawIdToken => Tokens.Json.GetProperty("id_token").GetString()!;

    public IEnumerable<string> ToldClaims => UserInfo.EnumerateObject().Select(claim => claim.Name);
}
