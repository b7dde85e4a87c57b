using FsCheck;
using FsCheck.Fluent;

namespace Oidc.Tests;

/// <summary>
/// Several nodes at once, whose clocks differ by up to a minute either way and which look after the keys each in its own rhythm: what any of them signs verifies
/// for a client that has kept the answer of any other for as long as <c>max-age</c> allows.
/// </summary>
public sealed class KeyRotationAcrossNodes
{
    // Of the proportions of the real ones, so that a short history holds several successions.
    private static readonly KeyPeriods Periods = new()
    {
        CacheFor = TimeSpan.FromMinutes(5),
        Announce = TimeSpan.FromMinutes(12),
        Active = TimeSpan.FromHours(1),
        Retire = TimeSpan.FromMinutes(45),
    };

    private static readonly TimeSpan Token = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan Reload = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Arbitrary<Node[]> Installations = (
        from nodes in Gen.ArrayOf(
            from skew in Gen.Choose(-60, 60)
            from phase in Gen.Choose(0, 59)
            from start in Gen.Choose(0, 120)
            from minutes in Gen.Choose(60, 360)
            select new Node(TimeSpan.FromSeconds(skew), Start + TimeSpan.FromMinutes(start) + TimeSpan.FromSeconds(phase), TimeSpan.FromMinutes(minutes)))
        where nodes.Length is > 1 and < 6
        select nodes).ToArbitrary();

    [Fact]
    public void Every_unexpired_token_of_any_node_verifies_by_the_cached_answer_of_any_other() =>
        Prop.ForAll(Installations, nodes => Verdict(Unverifiable(nodes).FirstOrDefault())).QuickCheckThrowOnFailure();

    [Fact]
    public void No_node_is_ever_without_exactly_one_key_that_signs() =>
        Prop.ForAll(Installations, nodes => Walk(nodes).All(view => view.Active.Length == 1)).QuickCheckThrowOnFailure();

    private static Property Verdict(string? unverifiable) => (unverifiable is null).Label(unverifiable ?? "every token verifies");

    private static IEnumerable<string> Unverifiable(Node[] nodes)
    {
        var views = Walk(nodes);
        foreach (var signing in views)
        {
            // In force from this look to the next: the last token of it is signed a moment before.
            foreach (var signedAt in new[] { signing.At, signing.At + Reload })
            {
                foreach (var verifiedAt in new[] { signedAt, signedAt + Token })
                {
                    var served = views.Where(view => view.At <= verifiedAt && view.At + Reload >= verifiedAt - Periods.CacheFor);
                    if (served.FirstOrDefault(view => !view.Published.Contains(signing.Active[0])) is { } blind)
                    {
                        yield return $"key {signing.Active[0]}, signed {signedAt:T} by node {signing.Node}, verified {verifiedAt:T} by what node {blind.Node} read at {blind.At:T}";
                    }
                }
            }
        }
    }

    // What each node has in force after each of its looks, in the order of time. Rows are shared: made and deleted by whoever finds it due by its own clock.
    private static List<View> Walk(Node[] nodes)
    {
        var views = new List<View>();
        var rows = new List<KeyLife>();
        var made = 0;
        var looks = nodes.SelectMany((node, index) => node.Looks.Select(at => (At: at, Node: index))).OrderBy(look => look.At).ThenBy(look => look.Node);
        foreach (var (at, index) in looks)
        {
            var now = at + nodes[index].Skew;
            if (KeySchedule.NextActiveFrom(rows, now, Periods) is { } activeFrom)
            {
                rows.Add(new KeyLife($"{made++}", "ES256", activeFrom));
            }

            var removed = KeySchedule.StatesAt(rows, now, Periods).Where(key => key.State == KeyState.Removed).Select(key => key.Life).ToArray();
            rows.RemoveAll(removed.Contains);
            var states = KeySchedule.StatesAt(rows, now, Periods);
            views.Add(new View(
                index, at, [.. states.Where(key => key.State == KeyState.Active).Select(key => key.Life.KeyId)],
                [.. states.Where(key => key.State != KeyState.Removed).Select(key => key.Life.KeyId)]));
        }

        return views;
    }

    /// <summary>A node that is on for a while.</summary>
    private sealed record Node(TimeSpan Skew, DateTimeOffset From, TimeSpan On)
    {
        public IEnumerable<DateTimeOffset> Looks => Enumerable.Range(0, (int)(On / Reload)).Select(minute => From + (minute * Reload));
    }

    private sealed record View(int Node, DateTimeOffset At, string[] Active, HashSet<string> Published);
}
