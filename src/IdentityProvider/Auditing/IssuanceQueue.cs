using System.Threading.Channels;
using Npgsql;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Routine issuance on its way into the audit: requests leave a struct in a bounded queue and go on; twice a second what is there is copied into the table
/// in one statement. While PostgreSQL is away the queue fills; what no longer fits is counted and gone. A node that is told to stop writes the rest
/// first; one that is killed loses the last half second.
/// </summary>
internal sealed class IssuanceQueue(NpgsqlDataSource database, ILogger<IssuanceQueue> log) : BackgroundService, IIssuanceAudit
{
    public const int Capacity = 65_536;

    private const int BatchSize = 8_192;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly Channel<Issuance> _queue = Channel.CreateBounded<Issuance>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CopyRows _rows = new();
    private readonly List<Issuance> _batch = new(BatchSize);

    public void Record(in Issuance issuance)
    {
        Instruments.Count(issuance);
        if (!_queue.Writer.TryWrite(issuance))
        {
            Instruments.AuditDropped.Add(1);
        }
    }

    // The server has finished its requests by then: services stop in the reverse of the order they start in, and it starts last.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            while (await FlushAsync(cancellationToken))
            {
            }
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            log.LogWarning("{Count} issuances did not reach the audit before the end: {Reason}", _batch.Count + _queue.Reader.Count, e.Message);
        }
    }

    public override void Dispose()
    {
        _rows.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                while (await FlushAsync(stoppingToken))
                {
                }
            }
            catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
            {
                // The batch is kept and tried again: all of it is in the table or none.
                if (!stoppingToken.IsCancellationRequested)
                {
                    log.LogWarning("Issuances wait for PostgreSQL to be audited: {Reason}", e.Message);
                }
            }
        }
    }

    /// <summary>Writes one batch. False: nothing more waits.</summary>
    internal async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        while (_batch.Count < BatchSize && _queue.Reader.TryRead(out var issuance))
        {
            _batch.Add(issuance);
        }

        if (_batch.Count == 0)
        {
            return false;
        }

        _rows.Begin();
        foreach (var issuance in _batch)
        {
            _rows.Add(issuance);
        }

        _rows.End();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using (var copy = await connection.BeginRawBinaryCopyAsync(CopyRows.Sql, cancellation))
        {
            await copy.WriteAsync(_rows.Written, cancellation);
        }

        _batch.Clear();
        return true;
    }
}
