using System.Net;
using System.Text.Json;

namespace Operating;

public sealed class JsonLogTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("identity-logs-").FullName;
    private Database _database = null!;
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        var configuration = Path.Combine(_folder, "configuration.yaml");
        var installation = new Installation(_database);
        await File.WriteAllTextAsync(configuration, $"""
            resources:
              members: [members]
            clients:
              storefront:
                name: Storefront
                first_party: true
                authentication: [none]
                grants: [authorization_code, refresh_token]
                redirect_uris: ["{SignIn.RedirectUri(installation)}"]
                scopes: [openid, offline_access, members]
            people:
              alice@example.com:
                phone: "{SignIn.Phone}"
                password: {SignIn.Password}
            """);
        _node = await NodeProcess.StartAsync(
            installation, "environment=Production", "Oidc:Issuer=https://id.example.com", $"Configuration:File={configuration}", "Logging:LogLevel:Default=Trace");
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Production_logs_one_JSON_object_a_line_with_the_request_id_and_nothing_secret()
    {
        using (var refused = new HttpRequestMessage(HttpMethod.Post, "/connect/token") { Headers = { { "X-Request-Id", "the-id-of-this-request" } } })
        {
            refused.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "machine"), new("client_secret", "a-wrong-secret")]);
            using var answer = await _node.Client.SendAsync(refused);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var visitor = new Visitor("https://id.example.com");
        var code = await SignIn.CodeAsync(visitor, _node);
        var tokens = await SignIn.RedeemAsync(_node, code);
        var refreshed = await SignIn.RefreshAsync(_node, tokens.Refresh);

        var lines = _node.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToArray();
        lines.ShouldContain(line => line.GetProperty("Category").GetString() == "Oidc.TokenEndpoint" && line.GetProperty("Scopes").ToString().Contains("the-id-of-this-request"));
        string[] secrets =
        [
            "a-wrong-secret", SignIn.Password, code, tokens.Access, tokens.Refresh, tokens["id_token"]!, refreshed.Refresh, Proof.Verifier, .. visitor.Cookies.Values,
        ];
        foreach (var secret in secrets)
        {
            _node.Log.ShouldNotContain(secret);
        }
    }
}
