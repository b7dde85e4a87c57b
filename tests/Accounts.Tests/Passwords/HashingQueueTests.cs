namespace Accounts.Tests;

public sealed class HashingQueueTests
{
    [Fact]
    public async Task Runs_one_at_a_time_on_each_core()
    {
        using var queue = new HashingQueue(cores: 2, places: 100);
        int running = 0, most = 0;
        var runs = Enumerable.Range(0, 50).Select(_ => Task.Run(() => queue.TryRunAsync(Work, CancellationToken.None)));
        var results = await Task.WhenAll(runs);
        results.ShouldAllBe(ran => ran);
        most.ShouldBe(2);

        void Work()
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            Thread.SpinWait(200_000);
            Interlocked.Decrement(ref running);
        }
    }

    [Fact]
    public async Task Turns_away_who_finds_no_place_in_the_queue()
    {
        using var queue = new HashingQueue(cores: 1, places: 3);
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = Task.Run(() => queue.TryRunAsync(() =>
        {
            started.SetResult();
            release.Task.Wait();
        }, CancellationToken.None));
        await started.Task;
        var waiting = Enumerable.Range(0, 3).Select(_ => queue.TryRunAsync(() => { }, CancellationToken.None)).ToArray();
        (await queue.TryRunAsync(() => { }, CancellationToken.None)).ShouldBeFalse();
        release.SetResult();
        (await Task.WhenAll([first, .. waiting])).ShouldAllBe(ran => ran);
        (await queue.TryRunAsync(() => { }, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_place_to_others()
    {
        using var queue = new HashingQueue(cores: 1, places: 1);
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = Task.Run(() => queue.TryRunAsync(() =>
        {
            started.SetResult();
            release.Task.Wait();
        }, CancellationToken.None));
        await started.Task;
        using var impatience = new CancellationTokenSource();
        var waiting = queue.TryRunAsync(() => { }, impatience.Token);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        var next = queue.TryRunAsync(() => { }, CancellationToken.None);
        release.SetResult();
        (await first).ShouldBeTrue();
        (await next).ShouldBeTrue();
    }

    [Fact]
    public async Task Work_that_fails_frees_its_core()
    {
        using var queue = new HashingQueue(cores: 1, places: 0);
        var failing = queue.TryRunAsync(() => throw new InvalidOperationException(), CancellationToken.None);
        await Should.ThrowAsync<InvalidOperationException>(failing);
        (await queue.TryRunAsync(() => { }, CancellationToken.None)).ShouldBeTrue();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
