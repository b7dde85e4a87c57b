using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Operating;

/// <summary>Back-Channel Logout 1.0: a node that is lost while it tells a client of a logout leaves nothing untold.</summary>
public sealed class LostLogoutTests : IAsyncLifetime
{
    private Database _database = null!;
    private NpgsqlDataSource _sql = null!;
    private NodeProcess _first = null!;
    private LogoutReceiver _web = null!;

    private Installation Installation => _first.Installation;

    private string Sandbox => $"http://localhost:{Installation.PortBase + 9}";

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        _sql = NpgsqlDataSource.Create(_database.ConnectionString);
        _first = await NodeProcess.StartAsync(new Installation(_database));
        _web = await LogoutReceiver.StartAsync(Installation);
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _web.DisposeAsync();
        await _sql.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("another node, there already")]
    [InlineData("the same node, started again")]
    public async Task A_node_killed_while_it_tells_a_client_of_a_logout_is_followed_by(string successor)
    {
        var hanging = new TaskCompletionSource();
        _web.Answer = _ => hanging.Task;
        var idToken = await SignInToWebAsync();
        await _first.Client.GetAsync($"/connect/endsession?id_token_hint={idToken}");
        var begun = (await _web.WaitAsync(1))[0];

        var other = successor.StartsWith("another", StringComparison.Ordinal) ? await NodeProcess.StartAsync(Installation) : null;
        await _first.KillAsync();
        // Nobody knows what became of that try, so the notice is kept.
        (await NoticesAsync()).ShouldBe(1);
        _web.Answer = _ => Task.CompletedTask;
        hanging.SetResult();
        await using var next = other ?? await NodeProcess.StartAsync(Installation);
        await LeaseEndsAsync();

        var told = (await _web.WaitAsync(2))[1];
        told.SessionId.ShouldBe(begun.SessionId);
        told.Claims.GetProperty("jti").GetString().ShouldNotBe(begun.Claims.GetProperty("jti").GetString());
        await SettledAsync();
        _web.Received.Count.ShouldBe(2);
        (await CountAsync("select count(*) from audit where event = 'logout.undelivered'")).ShouldBe(0);
    }

    // An ID token of the client that wants to be told, in a session that a person began at storefront.
    private async Task<string> SignInToWebAsync()
    {
        var visitor = new Visitor(Installation.Issuer);
        await SignIn.CodeAsync(visitor, _first);
        var asked = await visitor.GetAsync(_first.Client, "/connect/authorize?" + Form.Of(
            ("client_id", "web"), ("redirect_uri", Sandbox + "/callback"), ("response_type", "code"), ("scope", "openid"), ("state", "s")));
        var allowed = await visitor.SubmitAsync(_first.Client, await visitor.GetAsync(_first.Client, asked.Location!), ("action", "allow"));
        var code = await SignIn.CodeAsync(visitor, _first.Client, allowed);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("web:web-development-secret")));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Sandbox + "/callback" });
        using var response = await _first.Client.SendAsync(request);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("id_token").GetString()!;
    }

    // Sooner than by itself, as though those seconds had gone by.
    private async Task LeaseEndsAsync()
    {
        await using var command = _sql.CreateCommand("update logout_notices set due_at = now()");
        await command.ExecuteNonQueryAsync();
    }

    private async Task SettledAsync()
    {
        for (var i = 0; i < 100 && await NoticesAsync() > 0; i++)
        {
            await Task.Delay(50);
        }

        (await NoticesAsync()).ShouldBe(0);
    }

    private Task<long> NoticesAsync() => CountAsync("select count(*) from logout_notices");

    private async Task<long> CountAsync(string sql)
    {
        await using var command = _sql.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
