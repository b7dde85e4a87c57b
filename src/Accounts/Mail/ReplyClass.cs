namespace Accounts;

/// <summary>Reads a refusal: which of the operator, the address, the moment or we are to blame.</summary>
internal static class ReplyClass
{
    public static SubmissionVerdict Of(SubmissionStage stage, SmtpReply reply)
    {
        // RFC 4954 §6, RFC 3207 §4: credentials, mechanism or encryption wanted.
        if (reply.Code is 530 or 534 or 535 or 538)
        {
            return SubmissionVerdict.Misconfigured;
        }

        if (reply.Code < 500)
        {
            return reply.Code < 400 ? SubmissionVerdict.Protocol : SubmissionVerdict.Transient;
        }
        // Before the recipient was named nothing but we can be refused, so every other mail would be too.
        if (stage < SubmissionStage.Recipient)
        {
            return IsSyntax(reply.Code) && stage != SubmissionStage.Auth ? SubmissionVerdict.Protocol : SubmissionVerdict.Misconfigured;
        }

        return ByEnhancedCode(reply.Enhanced) ?? ByCode(reply.Code);
    }

    // RFC 3463 §3: the subject says more than the reply code.
    private static SubmissionVerdict? ByEnhancedCode(string? enhanced) => enhanced?.Split('.') switch
    {
        [_, "2", "2"] => SubmissionVerdict.MailboxFull,
        [_, "1" or "2" or "4", _] => SubmissionVerdict.BadAddress,
        [_, "7", _] => SubmissionVerdict.Policy,
        [_, "3" or "5" or "6", _] => SubmissionVerdict.Protocol,
        _ => null,
    };

    private static SubmissionVerdict ByCode(int code) => code switch
    {
        550 or 551 or 553 or 556 => SubmissionVerdict.BadAddress,
        552 => SubmissionVerdict.MailboxFull,
        554 => SubmissionVerdict.Policy,
        _ => SubmissionVerdict.Protocol,
    };

    private static bool IsSyntax(int code) => code is >= 500 and <= 504 or 555;
}
