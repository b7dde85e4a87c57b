using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>
/// Tells clients that a session is over, several at a time, at once when it ended here and within a second when elsewhere. Every node runs one. Three
/// tries within a minute; what came of the last is on record.
/// </summary>
internal sealed partial class LogoutDispatcher(
    LogoutQueue queue, OutboundClient outbound, IConfigurationSource configuration, ISigningKeys keys, OidcOptions options, TimeProvider time, ILogger<LogoutDispatcher> log) : BackgroundService
{
    private const int AtOnce = 8;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    // After the first and the second try. With a few seconds for each try, the third is over within a minute.
    private static readonly TimeSpan[] RetryAfter = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    private readonly SemaphoreSlim _free = new(AtOnce);

    public override void Dispose()
    {
        _free.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!await StartNextAsync(stoppingToken))
                {
                    await queue.WaitAsync(PollInterval, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // The database is away, say. The notices wait in it, and this must go on when it comes back.
                QueueUnreachable(log, e);
                await Task.Delay(PollInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        for (var i = 0; i < AtOnce; i++)
        {
            await _free.WaitAsync(CancellationToken.None);
        }
    }

    // False when nobody is to be told.
    private async Task<bool> StartNextAsync(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        ClaimedNotice? notice = null;
        try
        {
            notice = await queue.ClaimAsync(cancellation);
        }
        finally
        {
            if (notice is null)
            {
                _free.Release();
            }
        }

        if (notice is null)
        {
            return false;
        }

        // Not awaited: a slow client holds up its own notices only. TellAsync lets nothing through.
        _ = TellAsync(notice);
        return true;
    }

    private async Task TellAsync(ClaimedNotice notice)
    {
        try
        {
            await TryAsync(notice);
        }
        catch (Exception e)
        {
            // The lease ends, and the client is told by whoever is there then.
            Abandoned(log, e, notice.ClientId);
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task TryAsync(ClaimedNotice notice)
    {
        if (configuration.Current.FindClient(notice.ClientId) is not { Enabled: true, BackchannelLogoutUri: { } uri } client)
        {
            await queue.GiveUpAsync(notice, "the client is disabled or gone, or wants no notices any more");
            return;
        }

        // The node that made the last try died of it, or with it.
        if (notice.Tries > RetryAfter.Length + 1)
        {
            await queue.GiveUpAsync(notice, notice.Failure ?? "interrupted");
            return;
        }

        // Back-Channel Logout §2.4: signed as the client's ID tokens are. Each try has a token of its own, so that none is too old, or known already.
        var token = LogoutToken.Sign(
            new LogoutNotice(client.Id, notice.PersonId.ToString("D"), notice.SessionId), options.Issuer, time.GetUtcNow(), keys.Current.ActiveFor(client.IdTokenAlgorithm));
        var answer = await AskAsync(uri, token);
        Tried(log, notice.ClientId, notice.Tries, answer.Text);
        switch (answer.Verdict)
        {
            case LogoutVerdict.Done:
                await queue.SettleAsync(notice);
                break;
            case LogoutVerdict.Unknown when notice.Tries <= RetryAfter.Length:
                await queue.PostponeAsync(notice, time.GetUtcNow() + RetryAfter[notice.Tries - 1], answer.Text);
                break;
            default:
                await queue.GiveUpAsync(notice, answer.Text);
                break;
        }
    }

    // §2.5. Not cancelled when the host stops: the guard has a time limit of its own, and a notice half sent would only go out twice.
    private async Task<LogoutAnswer> AskAsync(Uri uri, string token)
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        return await outbound.PostAsync(uri, content, CancellationToken.None) switch
        {
            OutboundOutcome.Answered answered => LogoutAnswer.Of(answered.Status),
            OutboundOutcome.Failed failed => LogoutAnswer.None(failed.Reason),
            _ => throw new InvalidOperationException("There is no other outcome."),
        };
    }

    [LoggerMessage(3101, LogLevel.Information, "Client {ClientId} told of a logout, try {Try}: {Answer}")]
    private static partial void Tried(ILogger logger, string clientId, int @try, string answer);

    [LoggerMessage(3102, LogLevel.Warning, "Telling client {ClientId} of a logout was interrupted")]
    private static partial void Abandoned(ILogger logger, Exception exception, string clientId);

    [LoggerMessage(3103, LogLevel.Warning, "The queue of logout notices cannot be read")]
    private static partial void QueueUnreachable(ILogger logger, Exception exception);
}
