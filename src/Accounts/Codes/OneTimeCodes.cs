using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Accounts;

/// <summary>
/// One-time codes by e-mail: the only place that makes, sends and judges them. Nothing here depends on whether an address has an account
/// until it is proven, so neither answers nor times tell.
/// </summary>
public sealed class OneTimeCodes
{
    private readonly AccountsKeys _keys;
    private readonly CodeLimits _limits;
    private readonly Challenges _challenges;
    private readonly CodeMail _mail;
    private readonly MailQueue _queue;
    private readonly TimeProvider _time;

    public OneTimeCodes(
        NpgsqlDataSource db, AccountsKeys keys, IOptions<OneTimeCodeOptions> options, CodeMail mail, MailQueue queue, TimeProvider time)
    {
        _keys = keys;
        _limits = CodeLimits.From(options.Value);
        _challenges = new Challenges(db, _limits, keys);
        _mail = mail;
        _queue = queue;
        _time = time;
    }

    /// <summary>Sends a code to an address, whoever it belongs to and whether it belongs to anybody.</summary>
    public async Task<SendOutcome> SendAsync(CodeRequest request, CancellationToken ct)
    {
        if (EmailAddress.Canonical(request.Address) is not { } address)
        {
            return new SendOutcome.BadAddress();
        }

        var now = _time.GetUtcNow();
        var handle = ChallengeHandle.New();
        var id = ChallengeHandle.Id(handle)!;
        var code = SixDigits.New();
        var challenge = new NewChallenge(id, address, SixDigits.Hash(_keys.CodeKey, id, code), now + _limits.Lifetime);
        var message = _queue.Seal(_mail.Compose(address, code, request, _limits.Lifetime, now));

        var decision = await _challenges.SendAsync(challenge, request, message, now, ct);
        if (decision.ResendAt is not { } resendAt)
        {
            return new SendOutcome.Limited(decision.OpenAt, decision.LiveUntil);
        }

        _queue.Wake();
        return new SendOutcome.Sent(handle, challenge.ExpiresAt, resendAt);
    }

    /// <summary>When a code may be sent to a canonical address on behalf of <paramref name="ip"/>, if not at once: to be asked before costly work.</summary>
    public async Task<DateTimeOffset?> LimitedUntilAsync(string address, IPAddress ip, CancellationToken ct) =>
        await _challenges.OpenAtAsync(address, ip, ct) is var openAt && openAt > _time.GetUtcNow() ? openAt : null;

    /// <summary>The challenge of an attempt if it could be judged, without judging it; null when it could not, whatever the code.</summary>
    public async Task<OpenChallenge?> FindOpenAsync(CodeAttempt attempt, CancellationToken ct) =>
        ChallengeHandle.Id(attempt.Challenge) is { } id
            ? await _challenges.FindOpenAsync(new Guess(id, null, CanonicalOf(attempt), attempt), _time.GetUtcNow(), ct)
            : null;

    /// <summary>Whether six digits can be found in what was typed.</summary>
    public static bool HasCode(string typed) => SixDigits.Find(typed) is not null;

    /// <summary>Judges a typed code. A right one proves the address, once. What holds no six digits is no guess and costs no try.</summary>
    public async Task<VerifyOutcome> VerifyAsync(CodeAttempt attempt, CancellationToken ct)
    {
        if (ChallengeHandle.Id(attempt.Challenge) is not { } id)
        {
            return new VerifyOutcome.Unknown();
        }

        var now = _time.GetUtcNow();
        var codeHashes = SixDigits.Find(attempt.Code) is { } digits ? _keys.Readable.Select(keys => SixDigits.Hash(keys.CodeKey, id, digits)).ToArray() : null;
        var decision = await _challenges.JudgeAsync(new Guess(id, codeHashes, CanonicalOf(attempt), attempt), now, ct);
        return decision is null ? new VerifyOutcome.Unknown() : Outcome(decision, now);
    }

    // An address that is none belongs to no challenge.
    private static string? CanonicalOf(CodeAttempt attempt) => attempt.Address is null ? null : EmailAddress.Canonical(attempt.Address) ?? "";

    private VerifyOutcome Outcome(GuessDecision decision, DateTimeOffset now) => decision.State switch
    {
        "open" when decision.Correct is true =>
            new VerifyOutcome.Proven(decision.Address, decision.PasswordHash, decision.PersonId, decision.Enabled),
        "open" => new VerifyOutcome.Wrong(TriesLeft(decision, now)),
        "expired" => new VerifyOutcome.Expired(),
        "spent" => new VerifyOutcome.Spent(decision.ResendAt > now ? decision.ResendAt : now),
        "limited" => new VerifyOutcome.Limited(decision.OpenAt),
        _ => new VerifyOutcome.Unknown(),
    };

    private int TriesLeft(GuessDecision decision, DateTimeOffset now)
    {
        var here = _limits.GuessesPerChallenge - decision.WrongGuesses;
        return decision.Known ? here : Math.Min(here, _limits.Guesses.Left(decision.Failures, now));
    }
}
