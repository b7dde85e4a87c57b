namespace Conformance;

/// <summary>RFC 6749 §10.10, as far as one can tell from a single value.</summary>
public static class Randomness
{
    private const int LeastBytes = 16, LeastEntropy = 96;

    public static void ShouldBeUnguessable(string value)
    {
        value.Length.ShouldBeGreaterThanOrEqualTo(LeastBytes);
        var shares = value.GroupBy(character => character).Select(same => (double)same.Count() / value.Length);
        (value.Length * -shares.Sum(share => share * Math.Log2(share))).ShouldBeGreaterThan(LeastEntropy);
    }
}
