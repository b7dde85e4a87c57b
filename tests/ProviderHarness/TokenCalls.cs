using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ProviderHarness;

/// <summary>An answer of an endpoint that clients call directly.</summary>
public sealed record TokenAnswer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers)
{
    public string? this[string member] => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(member, out var value) ? value.ToString() : null;

    public bool Succeeded => Status == HttpStatusCode.OK;

    public string AccessToken => this["access_token"] ?? throw new InvalidOperationException($"No access token but {Status} {Body}");

    public string RefreshToken => this["refresh_token"] ?? throw new InvalidOperationException($"No refresh token but {Status} {Body}");

    public string? Error => this["error"];
}

/// <summary>Calls to token and userinfo endpoint as a client of <c>config/development.yaml</c> makes them.</summary>
public static class TokenCalls
{
    /// <summary>Posts to the token endpoint; the client authenticates the way it registered first.</summary>
    public static Task<TokenAnswer> TokenAsync(this Provider provider, string clientId, params (string Name, string Value)[] parameters) =>
        clientId == "jwt-client"
            ? provider.PostAsync("/connect/token", null, [.. parameters, .. Assertions.Parameters(Assertions.Of(provider))])
            : provider.TokenAsync(clientId, clientId is "storefront" or "agents" ? null : clientId + "-development-secret", parameters);

    public static Task<TokenAnswer> TokenAsync(this Provider provider, string clientId, string? secret, params (string Name, string Value)[] parameters) =>
        provider.PostAsync("/connect/token", secret is null ? null : (clientId, secret), secret is null ? [.. parameters, ("client_id", clientId)] : parameters);

    /// <summary>Posts a form to one of the endpoints that clients call, with credentials in the header or none.</summary>
    public static async Task<TokenAnswer> PostAsync(this Provider provider, string path, (string Id, string Secret)? credentials, params (string Name, string Value)[] parameters)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (credentials is var (id, secret))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}:{secret}")));
        }

        request.Content = new FormUrlEncodedContent(parameters.Select(item => KeyValuePair.Create(item.Name, item.Value)));
        return await SendAsync(provider, request);
    }

    public static Task<TokenAnswer> RedeemAsync(this Provider provider, string clientId, string code, string? verifier = Proof.Verifier, params (string Name, string Value)[] more) =>
        provider.TokenAsync(clientId, [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", SignedIn.RedirectUriOf(provider, clientId)),
            .. verifier is null ? Array.Empty<(string, string)>() : [("code_verifier", verifier)], .. more,
        ]);

    public static Task<TokenAnswer> RefreshAsync(this Provider provider, string clientId, string refreshToken, params (string Name, string Value)[] more) =>
        provider.TokenAsync(clientId, [("grant_type", "refresh_token"), ("refresh_token", refreshToken), .. more]);

    public static async Task<TokenAnswer> UserInfoAsync(this Provider provider, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return await SendAsync(provider, request);
    }

    private static async Task<TokenAnswer> SendAsync(Provider provider, HttpRequestMessage request)
    {
        using var response = await provider.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new TokenAnswer(response.StatusCode, text.Length > 0 ? JsonElement.Parse(text) : default, response.Headers);
    }
}
