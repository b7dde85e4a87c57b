namespace MembersApi;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "PostgreSQL is away")]
    public static partial void DatabaseAway(ILogger logger, Exception exception);
}
