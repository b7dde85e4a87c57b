using System.Numerics;

namespace Bench;

/// <summary>Latencies in buckets three percent wide, so that recording one costs an increment.</summary>
internal sealed class Histogram
{
    private const int PerOctave = 32;
    private readonly long[] _counts = new long[64 * PerOctave];
    private long _total;

    public void Record(TimeSpan latency)
    {
        _counts[Bucket((ulong)latency.Ticks + PerOctave)]++;
        _total++;
    }

    public void Add(Histogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        _total += other._total;
    }

    /// <summary>The latency that <paramref name="share"/> (0 to 1) of all requests stayed under.</summary>
    public TimeSpan Percentile(double share)
    {
        var rank = (long)Math.Ceiling(_total * share);
        for (var i = 0; i < _counts.Length; i++)
        {
            rank -= _counts[i];
            if (rank <= 0)
            {
                return TimeSpan.FromTicks((long)Ceiling(i) - PerOctave);
            }
        }

        return TimeSpan.Zero;
    }

    private static int Bucket(ulong value)
    {
        var octave = BitOperations.Log2(value) - BitOperations.Log2(PerOctave);
        return (octave * PerOctave) + (int)((value >> octave) - PerOctave);
    }

    private static ulong Ceiling(int bucket) => (ulong)((bucket % PerOctave) + PerOctave + 1) << (bucket / PerOctave);
}
