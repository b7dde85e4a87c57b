using System.Net;

namespace Operating;

/// <summary>users.md E.7: a node that is lost at any step of a sign-in is missed by nobody.</summary>
public sealed class LostNodeTests : IAsyncLifetime
{
    private Database _database = null!;
    private NodeProcess _first = null!;
    private NodeProcess _second = null!;

    private Installation Installation => _first.Installation;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        _first = await NodeProcess.StartAsync(new Installation(_database));
        _second = await NodeProcess.StartAsync(Installation);
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_node_killed_after_any_step_of_a_sign_in_goes_unnoticed(int lostAfter)
    {
        var visitor = new Visitor(Installation.Issuer);
        var step = 0;
        async Task<HttpClient> NodeAsync()
        {
            if (step++ == lostAfter)
            {
                await _first.KillAsync();
            }

            return _first.HasExited ? _second.Client : _first.Client;
        }

        var page = await SignIn.BeginAsync(visitor, _first.Client, Installation);
        page = await SignIn.NameAsync(visitor, await NodeAsync(), page);
        var proven = await SignIn.ProveAsync(visitor, await NodeAsync(), page);
        var code = await SignIn.CodeAsync(visitor, await NodeAsync(), proven);
        await NodeAsync();
        var tokens = await SignIn.RedeemAsync(_second, code);

        (await SignIn.UserInfoAsync(_second, tokens.Access)).ShouldBe(HttpStatusCode.OK);
        (await SignIn.RefreshAsync(_second, tokens.Refresh)).Status.ShouldBe(HttpStatusCode.OK);
        // Single sign-on: the cookie that a lost node gave is good at the other.
        (await visitor.GetAsync(_second.Client, SignIn.AuthorizePath(Installation))).Redirected("code").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_node_stopped_while_it_works_finishes_what_it_began_and_exits()
    {
        var visitor = new Visitor(Installation.Issuer);
        var page = await SignIn.NameAsync(visitor, _first.Client, await SignIn.BeginAsync(visitor, _first.Client, Installation));
        // Judging a password takes long enough to be in the middle of it.
        var judging = SignIn.ProveAsync(visitor, _first.Client, page);
        await Task.Delay(5);
        await _first.TerminateAsync();

        var code = await SignIn.CodeAsync(visitor, _second.Client, await judging);

        (await SignIn.RedeemAsync(_second, code)).Status.ShouldBe(HttpStatusCode.OK);
        await _first.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
    }
}
