namespace AccessTokens;

/// <summary>The judgements of late, so many at most; the ones asked for longest ago make room. Its owner sees that one thread uses it at a time.</summary>
internal sealed class JudgementCache(int capacity)
{
    private readonly Dictionary<string, LinkedListNode<(string Key, Judgement Judgement)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, Judgement Judgement)> _byUse = [];

    public Judgement? Find(string key, DateTimeOffset now)
    {
        if (!_byKey.TryGetValue(key, out var node))
        {
            return null;
        }

        _byUse.Remove(node);
        if (now >= node.Value.Judgement.GoodUntil)
        {
            _byKey.Remove(key);
            return null;
        }

        _byUse.AddFirst(node);
        return node.Value.Judgement;
    }

    public void Keep(string key, Judgement judgement)
    {
        if (_byKey.Remove(key, out var earlier))
        {
            _byUse.Remove(earlier);
        }

        _byKey.Add(key, _byUse.AddFirst((key, judgement)));
        if (_byKey.Count > capacity && _byUse.Last is { } last)
        {
            _byUse.Remove(last);
            _byKey.Remove(last.Value.Key);
        }
    }
}
