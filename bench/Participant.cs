using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Bench;

/// <summary>One of the servers that are compared, and how a client of it gets codes.</summary>
internal abstract class Participant(string name, Server server, string clientId, string redirectUri) : IDisposable
{
    // RFC 7636 §4.1: one verifier serves every request of a run; what it costs to check is the same.
    private const string Verifier = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHI";
    private static readonly string Challenge = System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public string Name => name;

    public Server Server => server;

    public virtual bool HasAuthorizeEndpoint => true;

    /// <summary>A set of session cookies, as a header line.</summary>
    public abstract Task<string> SignInAsync();

    /// <summary>That many fresh codes, for tokens that a resource API takes.</summary>
    public abstract Task<ConcurrentQueue<string>> CodesAsync(int count);

    /// <summary>A code for a token that userinfo takes.</summary>
    public virtual async Task<string> UserInfoCodeAsync() => (await CodesAsync(1)).First();

    public string AuthorizePath(string? resource) =>
        $"/connect/authorize?client_id={clientId}&response_type=code&redirect_uri={Uri.EscapeDataString(redirectUri)}&scope=openid%20profile%20email%20offline_access%20members"
        + $"&state=0123456789abcdef&nonce=0123456789abcdef&code_challenge={Challenge}&code_challenge_method=S256"
        + (resource is null ? "" : $"&resource={Uri.EscapeDataString(resource)}");

    public byte[] Redemption(string code) => Request.Post(server.Port, "/connect/token",
        $"grant_type=authorization_code&client_id={clientId}&code={code}&redirect_uri={Uri.EscapeDataString(redirectUri)}&code_verifier={Verifier}");

    public byte[] Refresh(ReadOnlySpan<byte> token) => Request.Post(server.Port, "/connect/token",
        $"grant_type=refresh_token&client_id={clientId}&refresh_token={Encoding.ASCII.GetString(token)}");

    public byte[] ClientCredentials() => Request.Post(server.Port, "/connect/token", "grant_type=client_credentials&scope=members.read%20leads.write",
        $"Authorization: Basic {Convert.ToBase64String("machine:machine-development-secret"u8)}\r\n");

    public void Dispose() => server.Dispose();
}

/// <summary>The limit server has no pages and no authorize endpoint; its codes are rows that are put there.</summary>
internal sealed class Limit(Server server, string clientId, string redirectUri, string database) : Participant("limit", server, clientId, redirectUri)
{
    private int _last;

    public override bool HasAuthorizeEndpoint => false;

    public override Task<string> SignInAsync() => Task.FromResult("");

    public override async Task<ConcurrentQueue<string>> CodesAsync(int count)
    {
        await LimitRows.AddCodesAsync(database, _last + 1, count);
        _last += count;
        return new ConcurrentQueue<string>(Enumerable.Range(_last - count + 1, count).Select(LimitRows.Code));
    }
}

/// <summary>A provider that is signed in to as a person does it, by redirects and forms.</summary>
/// <param name="resource">What a token must be asked for to be a JWT that a resource API takes.</param>
internal sealed class Provider(string name, Server server, string clientId, string redirectUri, string? resource) : Participant(name, server, clientId, redirectUri)
{
    private string? _cookies;

    public override Task<string> SignInAsync() => Browser.SignInAsync(new Uri($"http://localhost:{Server.Port}{AuthorizePath(resource)}"));

    public override Task<ConcurrentQueue<string>> CodesAsync(int count) => CodesAsync(count, resource);

    public override async Task<string> UserInfoCodeAsync() => (await CodesAsync(1, null)).First();

    private async Task<ConcurrentQueue<string>> CodesAsync(int count, string? forResource)
    {
        _cookies ??= await SignInAsync();
        var authorizing = new Authorizing(Request.Get(Server.Port, AuthorizePath(forResource), _cookies), count);
        var stretch = await LoadGenerator.RunAsync(Server.Port, authorizing, Math.Min(count, 32), TimeSpan.FromMinutes(1));
        return stretch.Failures == 0 ? authorizing.Codes : throw new InvalidOperationException($"{Name} gave no code: {authorizing.Refusal}");
    }
}
