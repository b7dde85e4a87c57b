namespace IdentityProvider;

/// <summary>
/// Lets the posts of one interaction be handled one after another. The second half of a double click then finds what the first has done,
/// instead of a code that is just being used.
/// </summary>
public sealed class InteractionTurns
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing gives it to the next.</summary>
    public async Task<IDisposable> TakeAsync(string handle, CancellationToken cancellation)
    {
        Line line;
        lock (_lines)
        {
            if (!_lines.TryGetValue(handle, out line!))
            {
                _lines[handle] = line = new Line(this, handle);
            }

            line.Standing++;
        }

        try
        {
            await line.Gate.WaitAsync(cancellation);
        }
        catch
        {
            Leave(line);
            throw;
        }

        return line;
    }

    private void Leave(Line line)
    {
        lock (_lines)
        {
            if (--line.Standing == 0)
            {
                _lines.Remove(line.Handle);
                line.Gate.Dispose();
            }
        }
    }

    private sealed class Line(InteractionTurns turns, string handle) : IDisposable
    {
        public string Handle => handle;
        public SemaphoreSlim Gate { get; } = new(1);
        public int Standing { get; set; }

        public void Dispose()
        {
            Gate.Release();
            turns.Leave(this);
        }
    }
}
