namespace Accounts.Tests;

public sealed class TurnsTests
{
    [Fact]
    public async Task One_at_a_time_for_each_key()
    {
        var turns = new Turns(places: 100);
        var running = 0;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            using var turn = await turns.TakeAsync("key", CancellationToken.None);
            Interlocked.Increment(ref running).ShouldBe(1);
            await Task.Yield();
            Interlocked.Decrement(ref running);
        })));
        running.ShouldBe(0);
    }

    [Fact]
    public async Task Other_keys_do_not_wait()
    {
        var turns = new Turns(places: 100);
        using var first = await turns.TakeAsync("one", CancellationToken.None);
        using var second = await turns.TakeAsync("two", CancellationToken.None);
        second.ShouldNotBeNull();
    }

    [Fact]
    public async Task Turns_away_who_finds_no_place()
    {
        var turns = new Turns(places: 1);
        var first = await turns.TakeAsync("key", CancellationToken.None);
        var second = turns.TakeAsync("key", CancellationToken.None);
        (await turns.TakeAsync("key", CancellationToken.None)).ShouldBeNull();
        first!.Dispose();
        (await second)!.Dispose();
        (await turns.TakeAsync("key", CancellationToken.None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Who_gives_up_waiting_holds_up_nobody()
    {
        var turns = new Turns(places: 10);
        var first = await turns.TakeAsync("key", CancellationToken.None);
        using var impatience = new CancellationTokenSource();
        var second = turns.TakeAsync("key", impatience.Token);
        var third = turns.TakeAsync("key", CancellationToken.None);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(second);
        first!.Dispose();
        (await third).ShouldNotBeNull();
    }
}
