namespace Sandbox;

/// <summary>
/// What a stand-in answers to the next calls of one kind instead of its own answer.
/// </summary>
/// <param name="Call">The outside call: an HTTP path, or an SMTP verb.</param>
/// <param name="Status">
/// The status to answer; 0 drops the connection; null leaves the stand-in's own answer, only later or in other words.
/// </param>
/// <param name="ErrorCode">The outside company's own error code, where it has one: SMTP's enhanced status code (RFC 3463).</param>
/// <param name="Body">The body or reply text to answer; null leaves the usual one.</param>
/// <param name="Delay">How long the answer is held back.</param>
/// <param name="Times">How many calls this holds for.</param>
public sealed record Script(string Call, int? Status, string? ErrorCode, string? Body, TimeSpan Delay, int Times)
{
    public bool Drops => Status == 0;

    public bool Refuses => Status >= 400;
}

/// <summary>One call that a stand-in received.</summary>
/// <param name="Call">The outside call: an HTTP path, or an SMTP verb.</param>
/// <param name="Body">What arrived, without secrets.</param>
/// <param name="Status">What was answered; 0 when the connection was dropped.</param>
/// <param name="Connection">Counts connections, so that calls of one connection can be told from another's.</param>
/// <param name="ReceivedAt">When it arrived.</param>
public sealed record RecordedCall(string Call, string Body, int Status, long Connection, DateTimeOffset ReceivedAt);
