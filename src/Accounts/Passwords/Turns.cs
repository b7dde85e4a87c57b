namespace Accounts;

/// <summary>
/// Lets attempts with one key take turns on this node. Budgets are charged before a password is judged and given back when it was right;
/// without turns, more parallel right attempts than the budget holds would lock their owner out.
/// </summary>
internal sealed class Turns(int places)
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Waits for its turn, which ends when the result is disposed; null when too many wait already.</summary>
    public async Task<IDisposable?> TakeAsync(string key, CancellationToken ct)
    {
        Line line;
        lock (_lock)
        {
            if (!_lines.TryGetValue(key, out line!))
            {
                _lines[key] = line = new Line();
            }

            if (line.Length > places)
            {
                return null;
            }

            line.Length++;
        }
        var turn = new Turn(this, key, line);
        try
        {
            await line.First.WaitAsync(ct);
            turn.Held = true;
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private void Leave(string key, Line line, bool held)
    {
        lock (_lock)
        {
            if (held)
            {
                line.First.Release();
            }

            if (--line.Length == 0)
            {
                _lines.Remove(key);
                line.First.Dispose();
            }
        }
    }

    private sealed class Line
    {
        public SemaphoreSlim First { get; } = new(1);

        public int Length { get; set; }
    }

    private sealed class Turn(Turns turns, string key, Line line) : IDisposable
    {
        private bool _left;

        public bool Held { get; set; }

        public void Dispose()
        {
            if (_left)
            {
                return;
            }

            _left = true;
            turns.Leave(key, line, Held);
        }
    }
}
