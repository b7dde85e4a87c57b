using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Bench;

/// <summary>What happened in one stretch of time.</summary>
/// <param name="Units">Requests, or flows where a unit is more than one request.</param>
/// <param name="Failures">Answers that a working server does not give.</param>
internal sealed record Stretch(int Units, int Failures, TimeSpan Elapsed, Histogram Latencies)
{
    public double PerSecond => Units / Elapsed.TotalSeconds;
}

/// <summary>
/// A fixed number of keep-alive connections, each with one request under way. Sockets bare, no pipelining: the generator must stay cheaper
/// than anything it measures.
/// </summary>
internal static class LoadGenerator
{
    public static async Task<Stretch> RunAsync(int port, Scenario scenario, int connections, TimeSpan duration)
    {
        // Fresh ones for each stretch: servers close what has been idle.
        var lines = Enumerable.Range(0, connections).Select(index => new Connection(index, port)).ToList();
        var stopping = new StrongBox<bool>();
        var started = Stopwatch.GetTimestamp();
        await using (new Timer(_ => Volatile.Write(ref stopping.Value, true), null, duration, Timeout.InfiniteTimeSpan))
        {
            await Task.WhenAll(lines.Select(line => DriveAsync(line, scenario, stopping)));
        }

        var elapsed = Stopwatch.GetElapsedTime(started);

        var latencies = new Histogram();
        foreach (var line in lines)
        {
            latencies.Add(line.Latencies);
            line.Dispose();
        }

        return new Stretch(lines.Sum(line => line.Answered) / scenario.RequestsPerUnit, lines.Sum(line => line.Failed), elapsed, latencies);
    }

    private static async Task DriveAsync(Connection connection, Scenario scenario, StrongBox<bool> stopping)
    {
        while (!Volatile.Read(ref stopping.Value) && scenario.Next(connection.Index) is { Length: > 0 } request)
        {
            var sent = Stopwatch.GetTimestamp();
            var length = await connection.ExchangeAsync(request);
            connection.Latencies.Record(Stopwatch.GetElapsedTime(sent));
            connection.Answered++;
            HttpAnswer.TryRead(connection.Received(length), out var answer);
            if (!scenario.Take(connection.Index, answer))
            {
                connection.Failed++;
            }
        }
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[64 * 1024];

        public Connection(int index, int port)
        {
            Index = index;
            _socket.Connect(IPAddress.Loopback, port);
        }

        public int Index { get; }
        public int Answered { get; set; }
        public int Failed { get; set; }
        public Histogram Latencies { get; } = new();

        public ReadOnlySpan<byte> Received(int length) => _buffer.AsSpan(0, length);

        public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request)
        {
            // Small enough for the socket's buffer, so it never blocks.
            _socket.Send(request.Span);
            var length = 0;
            do
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(length));
                if (read == 0)
                {
                    throw new IOException("The server closed a connection in the middle of a run.");
                }

                length += read;
            }
            while (!HttpAnswer.TryRead(_buffer.AsSpan(0, length), out _));
            return length;
        }

        public void Dispose() => _socket.Dispose();
    }
}
