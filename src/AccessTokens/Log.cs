using Microsoft.Extensions.Logging;

namespace AccessTokens;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "An access token was refused: {Reason}")]
    public static partial void TokenRefused(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Information, "Read {Count} keys of {Issuer}")]
    public static partial void KeysRead(ILogger logger, int count, string issuer);

    [LoggerMessage(3, LogLevel.Warning, "The issuer's keys could not be read ({Reason}); going on with earlier ones: {HaveEarlier}")]
    public static partial void KeysUnreadable(ILogger logger, string reason, bool haveEarlier);

    [LoggerMessage(4, LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "The issuer could not be asked about an access token: {Reason}")]
    public static partial void IntrospectionFailed(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Error, "The issuer answers {Status} when it is asked about access tokens; Introspection:Secret must be the secret of this resource there")]
    public static partial void IntrospectionRefused(ILogger logger, int status);
}
