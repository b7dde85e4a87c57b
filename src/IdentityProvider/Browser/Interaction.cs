using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// A person on the way through the sign-in pages, in one tab: what the relying party asked for, and how far they have come. Known by its handle
/// <c>ia_…</c>, which stands in the address of each page and is worth nothing in another browser.
/// </summary>
/// <param name="Handle">As in the address.</param>
/// <param name="Hash">What is kept of it.</param>
/// <param name="ClientId">The relying party; null when the person came to sign in by themselves.</param>
/// <param name="Parameters">The authorization request, to be judged again from the start.</param>
/// <param name="StartedAt">When the request first arrived.</param>
public sealed record Interaction(string Handle, byte[] Hash, string? ClientId, Parameters Parameters, DateTimeOffset StartedAt)
{
    public const string Kind = "ia_";

    /// <summary>How long a page may lie open and still go on. Its row lives as long again, so that a page even older can send its request once more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public InteractionState State { get; set; } = new();

    /// <summary>The session is one this interaction waited for: another than the browser had when its person was sent here.</summary>
    public bool IsAnsweredBy(Session session) => State is { Asked: true, Question: not Question.SelectAccount } && !string.Equals(session.Id, State.SessionBefore, StringComparison.Ordinal);

    /// <summary>
    /// What a page showed to whom, as its form carries it back. A form that was shown to somebody else, or showed something else, is told by it.
    /// </summary>
    public string Fingerprint(Session session, params IEnumerable<string> shown) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [Handle, session.Id, .. shown]))));
}

/// <summary>What the way in is about; it decides what a right code leads to.</summary>
public enum Intent
{
    SignIn,
    SignUp,
}

/// <summary>How far a person has come. Immutable; a step forward is a new state that replaces the stored one.</summary>
public sealed record InteractionState
{
    /// <summary>The person was sent to a page. Until then nobody knows which session their browser has.</summary>
    public bool Asked { get; init; }

    /// <summary>What they are asked there.</summary>
    public Question Question { get; init; }

    /// <inheritdoc cref="Answers.SessionBefore"/>
    public string? SessionBefore { get; init; }

    /// <inheritdoc cref="Answers.Subject"/>
    public string? Subject { get; init; }

    /// <inheritdoc cref="Answers.SelectedSession"/>
    public string? SelectedSession { get; init; }

    /// <inheritdoc cref="Answers.ConsentedSession"/>
    public string? ConsentedSession { get; init; }

    /// <inheritdoc cref="Answers.Denied"/>
    public bool Denied { get; init; }

    /// <summary>They wish to sign in as somebody else than the account they are signed in to.</summary>
    public bool Another { get; init; }

    /// <summary>Canonical e-mail address or phone number.</summary>
    public string? Identifier { get; init; }

    public Intent Intent { get; init; }

    /// <summary>The code that was asked for last.</summary>
    public SentCode? Code { get; init; }

    /// <summary>Argon2id hash of the password the new account shall have; sealed.</summary>
    public string? SealedPasswordHash { get; init; }

    /// <summary>When <see cref="Identifier"/> was proven to be this person's, without anybody having an account by it.</summary>
    public DateTimeOffset? ProvenAt { get; init; }

    /// <summary>They asked to stay signed in when they proved it.</summary>
    public bool Remember { get; init; }

    /// <summary>What the next page says first.</summary>
    public Notice? Notice { get; init; }

    /// <summary>A page of this interaction signed the person in: the secret of that session, sealed, for the twin of a double click.</summary>
    public string? SealedSession { get; init; }

    public DateTimeOffset? SignedInAt { get; init; }

    /// <summary>They signed up with an address that had an account: they are signed in to it, and shall read so.</summary>
    public bool HadAccount { get; init; }

    /// <summary>The relying party got its answer.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>What the engine is told of it.</summary>
    public Answers? ToAnswers() => Asked
        ? new Answers { SessionBefore = SessionBefore, Subject = Subject, SelectedSession = SelectedSession, ConsentedSession = ConsentedSession, Denied = Denied }
        : null;

    /// <summary>The state in which a person is sent to a page.</summary>
    /// <param name="session">The session of their browser; it counts as the one before when this is their first page.</param>
    public InteractionState Asking(Question question, string? session) => this with
    {
        Question = question,
        Asked = true,
        SessionBefore = Asked ? SessionBefore : session,
        // Asked once more, whatever was answered before does not hold.
        SelectedSession = null,
        ConsentedSession = null,
        AnsweredAt = null,
        Notice = null,
    };

    /// <summary>The state in which a person signs in as somebody else.</summary>
    /// <param name="session">The session they are in; it answers nothing from now on.</param>
    public InteractionState ForAnother(string? session) => new() { Asked = true, SessionBefore = session, Another = true };
}

/// <summary>A one-time code under way.</summary>
/// <param name="SealedChallenge">The handle to judge it by; sealed.</param>
/// <param name="Address">Canonical.</param>
/// <param name="Intent">What it was asked for; it is judged as such.</param>
/// <param name="ExpiresAt">When it dies.</param>
/// <param name="ResendAt">When the next may be asked for.</param>
public sealed record SentCode(string SealedChallenge, string Address, Intent Intent, DateTimeOffset ExpiresAt, DateTimeOffset ResendAt)
{
    /// <summary>One that works nowhere here, asked for in another browser perhaps: it only says when the next may be asked for.</summary>
    public static SentCode Elsewhere(string address, Intent intent) => new("", address, intent, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
}

/// <summary>Something that just happened, in one sentence on the next page. Kept by kind, so that it is read in the language of the page.</summary>
/// <param name="At">The time the sentence speaks of, such as when to try again.</param>
/// <param name="Tries">Tries left.</param>
public sealed record Notice(NoticeKind Kind, DateTimeOffset? At = null, int? Tries = null);

public enum NoticeKind
{
    /// <summary>Wrong password, unknown or disabled person: one sentence for all.</summary>
    Refused,
    PasswordsLocked,
    CodeWrong,
    CodeExpired,
    CodeSpent,
    CodeUnknown,
    CodesLocked,
    SendLimited,
    Resent,

    /// <summary>A right code, for a person who may not come in: the sentence of <see cref="Refused"/>.</summary>
    CodeRefused,

    /// <summary>What a page asked has changed since it was shown, or whom it asked.</summary>
    AskedAnew,
}
