using System.Net;
using System.Text.Json;

namespace Operating;

/// <summary>Alice's way into <c>storefront</c>, step by step, each at whichever node the balancer chose. Her telephone number needs no mail.</summary>
internal static class SignIn
{
    public const string Phone = "+8613800138010", Password = "Development-1";

    public static string RedirectUri(Installation installation) => $"http://localhost:{installation.PortBase + 3}/callback";

    public static string AuthorizePath(Installation installation) => "/connect/authorize?" + Form.Of(
        ("client_id", "storefront"), ("redirect_uri", RedirectUri(installation)), ("response_type", "code"), ("scope", "openid offline_access members"),
        ("state", "s"), ("code_challenge", Proof.ChallengeOf(Proof.Verifier)), ("code_challenge_method", "S256"));

    /// <summary>The page that asks who it is.</summary>
    public static async Task<Answer> BeginAsync(Visitor visitor, HttpClient node, Installation installation) =>
        await visitor.GetAsync(node, (await visitor.GetAsync(node, AuthorizePath(installation))).Location!);

    /// <summary>The page that asks for the password.</summary>
    public static async Task<Answer> NameAsync(Visitor visitor, HttpClient node, Answer page) =>
        await visitor.GetAsync(node, (await visitor.SubmitAsync(node, page, ("identifier", Phone))).Location!);

    /// <summary>Where the right password leads: on to the authorization endpoint.</summary>
    public static Task<Answer> ProveAsync(Visitor visitor, HttpClient node, Answer page) => visitor.SubmitAsync(node, page, ("password", Password));

    public static async Task<string> CodeAsync(Visitor visitor, HttpClient node, Answer proven) =>
        (await visitor.GetAsync(node, proven.Location!)).Redirected("code") ?? throw new InvalidOperationException($"No code but {proven}");

    /// <summary>All of it at one node.</summary>
    public static async Task<string> CodeAsync(Visitor visitor, NodeProcess node)
    {
        var page = await BeginAsync(visitor, node.Client, node.Installation);
        page = await NameAsync(visitor, node.Client, page);
        return await CodeAsync(visitor, node.Client, await ProveAsync(visitor, node.Client, page));
    }

    public static Task<Tokens> RedeemAsync(NodeProcess node, string code) => TokenAsync(node,
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri(node.Installation)), ("code_verifier", Proof.Verifier));

    public static Task<Tokens> RefreshAsync(NodeProcess node, string token) => TokenAsync(node, ("grant_type", "refresh_token"), ("refresh_token", token));

    public static async Task<HttpStatusCode> UserInfoAsync(NodeProcess node, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new("Bearer", accessToken);
        using var response = await node.Client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<Tokens> TokenAsync(NodeProcess node, params (string Name, string Value)[] parameters)
    {
        using var content = new FormUrlEncodedContent(parameters.Append(("client_id", "storefront")).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)));
        using var response = await node.Client.PostAsync("/connect/token", content);
        var body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return new Tokens(response.StatusCode, body);
    }
}

internal sealed record Tokens(HttpStatusCode Status, JsonElement Body)
{
    public string? this[string member] => Body.TryGetProperty(member, out var value) ? value.ToString() : null;

    public string Access => this["access_token"] ?? throw new InvalidOperationException($"No access token but {Status} {Body}");

    public string Refresh => this["refresh_token"] ?? throw new InvalidOperationException($"No refresh token but {Status} {Body}");
}
