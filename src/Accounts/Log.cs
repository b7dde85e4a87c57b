using Microsoft.Extensions.Logging;

namespace Accounts;

/// <summary>Everything this room logs. No code, password, handle or address is ever an argument.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Mail {MessageId}: {Result}")]
    public static partial void MailTried(this ILogger log, string messageId, SubmissionResult result);

    [LoggerMessage(2, LogLevel.Error, "Mail {MessageId} was refused and will not be tried again: {Result}")]
    public static partial void MailRefused(this ILogger log, string messageId, SubmissionResult result);

    [LoggerMessage(3, LogLevel.Critical,
        "No mail goes out, and nobody gets a code: {Result}. Check Smtp:* and the account at the mail server. Next try at {Until:O}")]
    public static partial void MailSenderStopped(this ILogger log, SubmissionResult result, DateTimeOffset until);

    [LoggerMessage(4, LogLevel.Error, "Mail {MessageId} was written under another key or changed since, and cannot be sent")]
    public static partial void MailUnreadable(this ILogger log, string messageId);

    [LoggerMessage(5, LogLevel.Error, "Mail {MessageId}: the try broke off")]
    public static partial void MailAbandoned(this ILogger log, string messageId, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "The mail queue cannot be read")]
    public static partial void MailQueueUnreachable(this ILogger log, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Password hashing is at its limit; a sign-in was put off")]
    public static partial void HashingBusy(this ILogger log);
}
