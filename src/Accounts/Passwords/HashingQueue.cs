namespace Accounts;

/// <summary>
/// Lets one Argon2id run at a time on each core, and fifty wait. A burst of sign-ins then costs its own senders time, not memory and not
/// everyone else's requests.
/// </summary>
internal sealed class HashingQueue(int cores, int places) : IDisposable
{
    /// <summary>How long whoever found no place should wait: the queue is through in less.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _cores = new(cores);
    private int _waiting;

    public HashingQueue() : this(Environment.ProcessorCount, places: 50)
    {
    }

    /// <summary>Runs <paramref name="work"/> when a core is free; false, and not run, when the queue is full.</summary>
    public async Task<bool> TryRunAsync(Action work, CancellationToken ct)
    {
        if (!_cores.Wait(0, CancellationToken.None) && !await TryWaitAsync(ct))
        {
            return false;
        }
        // On a thread of its own: the pool has one for each core, and everybody else's requests need it meanwhile.
        await Task.Factory.StartNew(
            () => RunAndLeave(work), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return true;
    }

    /// <summary>
    /// Runs <paramref name="work"/> when a core is free, however long that takes: for callers that can neither await nor come again.
    /// </summary>
    public void Run(Action work)
    {
        _cores.Wait();
        RunAndLeave(work);
    }

    public void Dispose() => _cores.Dispose();

    private async Task<bool> TryWaitAsync(CancellationToken ct)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > places)
            {
                return false;
            }

            await _cores.WaitAsync(ct);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private void RunAndLeave(Action work)
    {
        try
        {
            work();
        }
        finally
        {
            _cores.Release();
        }
    }
}
