using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Npgsql;

namespace Operating;

/// <summary>kill -9 at random, 100 times under load: every token that was answered works, none is issued twice.</summary>
[Trait("Category", "Scale")]
[Collection("Scale")]
public sealed class KillTests : IAsyncLifetime
{
    private const int Kills = 100, Refreshers = 6, Redeemers = 4;

    private readonly ConcurrentDictionary<string, bool> _accessTokens = new();
    private readonly ConcurrentDictionary<string, string> _refreshTokens = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly NodeProcess[] _nodes = new NodeProcess[2];
    private Database _database = null!;
    private int _refreshed, _redeemed, _retried, _lostCodes;

    public async Task InitializeAsync()
    {
        _database = await Cluster.CreateDatabaseAsync();
        var installation = new Installation(_database);
        _nodes[0] = await NodeProcess.StartAsync(installation);
        _nodes[1] = await NodeProcess.StartAsync(installation);
    }

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_nodes_are_killed_a_hundred_times()
    {
        var started = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource();
        var visitors = new List<(Visitor Visitor, string Code)>();
        for (var i = 0; i < Refreshers + Redeemers; i++)
        {
            var visitor = new Visitor(_nodes[0].Installation.Issuer);
            visitors.Add((visitor, await SignIn.CodeAsync(visitor, _nodes[i % 2])));
        }

        var workers = visitors.Select((item, index) => Task.Run(() => index < Refreshers
            ? RefreshAsync(item.Code, index, stop.Token)
            : RedeemAsync(item.Visitor, index, stop.Token))).ToArray();
        for (var kill = 0; kill < Kills; kill++)
        {
            await Task.Delay(System.Security.Cryptography.RandomNumberGenerator.GetInt32(50, 400));
            var victim = _nodes[kill % 2];
            await victim.KillAsync();
            _nodes[kill % 2] = await NodeProcess.StartAsync(victim.Installation);
            await victim.DisposeAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(workers);

        Figures.Print($"kill -9: {Kills} kills in {started.Elapsed.TotalSeconds:F0} s; {_refreshed} refreshes and {_redeemed} redemptions answered, each token used; {_retried} requests retried after a lost answer, {_lostCodes} codes whose answer was lost");
        _wrong.ShouldBeEmpty();
        _refreshed.ShouldBeGreaterThan(Kills);
        _redeemed.ShouldBeGreaterThan(Kills);
        _retried.ShouldBeGreaterThan(0);
        (await CountAsync("select count(*) from (select from refresh_tokens t join grants g on g.id = t.grant_id where rotated_at is null and revoked_at is null group by grant_id having count(*) > 1) doubled")).ShouldBe(0);
        (await CountAsync("select count(*) from (select from grants group by id having count(*) > 1) doubled")).ShouldBe(0);
    }

    // One family: whatever answer is lost, asking again with the same token must go on with the one successor.
    private async Task RefreshAsync(string code, int worker, CancellationToken stop)
    {
        var tokens = await SignIn.RedeemAsync(_nodes[worker % 2], code);
        for (var turn = worker; !stop.IsCancellationRequested; turn++)
        {
            if (await AskAsync(node => SignIn.RefreshAsync(node, tokens.Refresh), turn) is not { Status: HttpStatusCode.OK } next)
            {
                _wrong.Enqueue($"worker {worker}: a refresh token that was answered is refused");
                return;
            }

            await KeepAsync(next, $"worker {worker}", turn);
            tokens = next;
            Interlocked.Increment(ref _refreshed);
        }
    }

    // One person, many codes: each yields tokens at most once; that an answer was lost is seen by the code being spent.
    private async Task RedeemAsync(Visitor visitor, int worker, CancellationToken stop)
    {
        for (var turn = worker; !stop.IsCancellationRequested; turn++)
        {
            var code = (await TryAsync(node => visitor.GetAsync(node.Client, SignIn.AuthorizePath(node.Installation)), turn))?.Redirected("code");
            if (code is null)
            {
                continue;
            }

            var first = await TryAsync(node => SignIn.RedeemAsync(node, code), turn);
            var again = await AskAsync(node => SignIn.RedeemAsync(node, code), turn + 1);
            if (first is { Status: HttpStatusCode.OK })
            {
                // The second use has revoked them (RFC 6749 §4.1.2); what counts here is that it got none of its own.
                Interlocked.Increment(ref _redeemed);
                if (again?.Status == HttpStatusCode.OK)
                {
                    _wrong.Enqueue($"worker {worker}: a code was redeemed twice");
                }
            }
            else if (again is { Status: HttpStatusCode.OK })
            {
                Interlocked.Increment(ref _redeemed);
                await KeepAsync(again, $"worker {worker}", turn);
            }
            else
            {
                Interlocked.Increment(ref _lostCodes);
            }
        }
    }

    private async Task KeepAsync(Tokens tokens, string worker, int turn)
    {
        if (!_accessTokens.TryAdd(tokens.Access, true) || !_refreshTokens.TryAdd(tokens.Refresh, worker))
        {
            _wrong.Enqueue($"{worker}: a token was issued twice");
        }

        if (await AskAsync(async node => (object)await SignIn.UserInfoAsync(node, tokens.Access), turn + 1) is not HttpStatusCode.OK)
        {
            _wrong.Enqueue($"{worker}: an access token that was answered does not work");
        }
    }

    // Until some node answers; a node that is gone or whose pool was cut is no answer.
    private async Task<T?> AskAsync<T>(Func<NodeProcess, Task<T>> callAsync, int turn) where T : class
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            if (await TryAsync(callAsync, turn + attempt) is { } answer && (object)answer is not (Tokens { Status: HttpStatusCode.ServiceUnavailable } or HttpStatusCode.ServiceUnavailable))
            {
                return answer;
            }

            Interlocked.Increment(ref _retried);
            await Task.Delay(25);
        }

        return null;
    }

    private async Task<T?> TryAsync<T>(Func<NodeProcess, Task<T>> callAsync, int turn) where T : class
    {
        try
        {
            return await callAsync(_nodes[turn % 2]);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
