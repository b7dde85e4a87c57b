using System.Collections.Frozen;

namespace Sandbox;

/// <summary>
/// The part of a stand-in that tests hold in their hands: which answers come next, and which calls came. In memory and bounded; safe
/// for use by many connections at once.
/// </summary>
/// <param name="name">The <c>{service}</c> of the control interface.</param>
/// <param name="calls">The calls this stand-in knows; names are compared without regard to case.</param>
public sealed class ScriptedService(string name, params string[] calls)
{
    /// <summary>At most so many scripts wait at a time.</summary>
    public const int MaxScripts = 100;

    /// <summary>At most so many calls are remembered; older ones go first.</summary>
    public const int MaxCalls = 2000;

    private readonly Lock gate = new();
    private readonly FrozenSet<string> known = calls.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    private readonly List<Script> scripts = [];
    private readonly Queue<RecordedCall> recorded = new();

    public string Name => name;

    public IReadOnlyList<string> KnownCalls => calls;

    public bool Knows(string call) => known.Contains(call);

    /// <returns>False when too many scripts wait already.</returns>
    public bool TryAdd(Script script)
    {
        lock (gate)
        {
            if (scripts.Count >= MaxScripts)
            {
                return false;
            }

            scripts.Add(script);
            return true;
        }
    }

    /// <summary>
    /// The script that holds for this call, used up once; scripts of one call follow each other in the order they were added.
    /// </summary>
    public Script? Take(string call)
    {
        lock (gate)
        {
            var index = scripts.FindIndex(script => Same(script.Call, call));
            if (index < 0)
            {
                return null;
            }

            var script = scripts[index];
            if (script.Times > 1)
            {
                scripts[index] = script with { Times = script.Times - 1 };
            }
            else
            {
                scripts.RemoveAt(index);
            }

            return script;
        }
    }

    public void Record(RecordedCall call)
    {
        lock (gate)
        {
            if (recorded.Count == MaxCalls)
            {
                recorded.Dequeue();
            }

            recorded.Enqueue(call);
        }
    }

    /// <summary>What came, oldest first; only one kind of call when <paramref name="call"/> is given.</summary>
    public IReadOnlyList<RecordedCall> Calls(string? call)
    {
        lock (gate)
        {
            return [.. recorded.Where(entry => call is null || Same(entry.Call, call))];
        }
    }

    /// <summary>Forgets scripts and calls; what the service delivered stays.</summary>
    public void Reset()
    {
        lock (gate)
        {
            scripts.Clear();
            recorded.Clear();
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
