using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Accounts;

/// <summary>
/// Hands queued mails over, several at a time, at once when one was queued here and within a second when elsewhere. Every node runs one.
/// </summary>
public sealed class MailDispatcher : BackgroundService
{
    private const int AtOnce = 8;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing is tried after a failure that every mail would share.</summary>
    private static readonly TimeSpan CircuitBreak = TimeSpan.FromSeconds(30);

    // A greylisting server wants to see us again after a while; a person wants the code now. The last repeats until the code has expired.
    private static readonly TimeSpan[] RetryAfter = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60)];

    private readonly MailQueue _queue;
    private readonly SubmissionClient _client;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _free = new(AtOnce);
    private readonly Lock _circuit = new();
    private DateTimeOffset _brokenUntil = DateTimeOffset.MinValue;

    public MailDispatcher(MailQueue queue, IOptions<SmtpOptions> smtp, TimeProvider time, ILogger<MailDispatcher> log)
    {
        _queue = queue;
        _client = new SubmissionClient(smtp);
        _time = time;
        _log = log;
    }

    public override void Dispose()
    {
        _free.Dispose();
        base.Dispose();
    }

    /// <summary>Starts to hand over the next mail that is due, as soon as there is room; false when none is.</summary>
    internal async Task<bool> StartNextAsync(CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        ClaimedMail? claimed = null;
        try
        {
            claimed = IsBroken() ? null : await _queue.ClaimAsync(ct);
        }
        finally
        {
            if (claimed is null)
            {
                _free.Release();
            }
        }
        if (claimed is null)
        {
            return false;
        }
        // Not awaited: a slow mail server holds up its own mail only. HandOverAsync lets nothing through that it was not made for.
        _ = HandOverAsync(claimed);
        return true;
    }

    /// <summary>Waits for every hand-over that has begun.</summary>
    internal async Task FinishAsync()
    {
        for (var i = 0; i < AtOnce; i++)
        {
            await _free.WaitAsync();
        }

        _free.Release(AtOnce);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await StartNextAsync(stoppingToken))
                {
                    await _queue.WaitAsync(PollInterval, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // The database is away, say. The mails wait in it, and this must go on when it comes back.
                _log.MailQueueUnreachable(e);
                await Task.Delay(PollInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        await FinishAsync();
    }

    private async Task HandOverAsync(ClaimedMail claimed)
    {
        try
        {
            if (_queue.Open(claimed.Mail) is not { } mail)
            {
                _log.MailUnreadable(claimed.Mail.MessageId);
                await _queue.SettleFailedAsync(claimed, "unreadable");
                return;
            }
            // Not cancelled when the host stops: every step has its time-out, and a mail half handed over would only go out twice.
            var result = await _client.SubmitAsync(mail, ct => _queue.MayHandOverAsync(claimed, ct), CancellationToken.None);
            _log.MailTried(claimed.Mail.MessageId, result);
            await SettleAsync(claimed, result);
        }
        catch (Exception e)
        {
            // The lease ends, and the mail is tried again by whoever is there then.
            _log.MailAbandoned(claimed.Mail.MessageId, e);
        }
        finally
        {
            _free.Release();
        }
    }

    private Task SettleAsync(ClaimedMail claimed, SubmissionResult result)
    {
        switch (result.Verdict)
        {
            case SubmissionVerdict.Accepted:
            // The second time that nobody answered: it has most likely arrived, and a third copy helps nobody.
            case SubmissionVerdict.Lost when claimed.HandedOver > 0:
                return _queue.SettleSentAsync(claimed);
            case SubmissionVerdict.Transient or SubmissionVerdict.Lost:
                return RetryAsync(claimed, result);
            case SubmissionVerdict.Misconfigured:
                return BreakAsync(claimed, result);
            case SubmissionVerdict.Policy or SubmissionVerdict.Protocol:
                _log.MailRefused(claimed.Mail.MessageId, result);
                return _queue.SettleFailedAsync(claimed, result.ToString());
            case SubmissionVerdict.BadAddress or SubmissionVerdict.MailboxFull:
                return _queue.SettleFailedAsync(claimed, result.ToString());
            default:
                // Withheld: the lease went to somebody else, or the code has expired and the row with it.
                return Task.CompletedTask;
        }
    }

    private Task RetryAsync(ClaimedMail claimed, SubmissionResult result)
    {
        var dueAt = _time.GetUtcNow() + RetryAfter[Math.Min(claimed.Tries, RetryAfter.Length - 1)];
        return dueAt < claimed.ExpiresAt
            ? _queue.PostponeAsync(claimed, dueAt, result.ToString(), counts: true, notTaken: result.AnsweredAfterLastLine)
            : _queue.SettleFailedAsync(claimed, result.ToString());
    }

    private Task BreakAsync(ClaimedMail claimed, SubmissionResult result)
    {
        var until = _time.GetUtcNow() + CircuitBreak;
        lock (_circuit)
        {
            if (_brokenUntil <= _time.GetUtcNow())
            {
                _log.MailSenderStopped(result, until);
            }

            _brokenUntil = until;
        }
        return _queue.PostponeAsync(claimed, until, result.ToString(), counts: false, notTaken: result.AnsweredAfterLastLine);
    }

    private bool IsBroken()
    {
        lock (_circuit)
        {
            return _time.GetUtcNow() < _brokenUntil;
        }
    }
}
