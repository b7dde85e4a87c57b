// What the engine logs: identifiers and rules, never a token, code, secret, assertion or anything a person typed.
using Microsoft.Extensions.Logging;

namespace Oidc;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Debug, "Token issued to client {ClientId} by {GrantType}")]
    public static partial void TokenIssued(ILogger logger, string clientId, string grantType);

    [LoggerMessage(1002, LogLevel.Information, "Token request of client {ClientId} refused with {Error}: {Detail}")]
    public static partial void TokenRefused(ILogger logger, string? clientId, string error, string detail);

    [LoggerMessage(1003, LogLevel.Information, "Authorization request of client {ClientId} refused with {Error}: {Detail}")]
    public static partial void AuthorizeRefused(ILogger logger, string? clientId, string error, string detail);

    [LoggerMessage(1004, LogLevel.Information, "Userinfo request refused with {Error}: {Detail}")]
    public static partial void UserInfoRefused(ILogger logger, string error, string detail);

    [LoggerMessage(1005, LogLevel.Information, "Logout of client {ClientId} without redirect: {Detail}")]
    public static partial void LogoutNotRedirected(ILogger logger, string? clientId, string detail);

    [LoggerMessage(1008, LogLevel.Debug, "Token introspected by {Caller} is inactive: {Reason}")]
    public static partial void TokenInactive(ILogger logger, string caller, string reason);

    [LoggerMessage(1009, LogLevel.Information, "Introspection refused with {Error}: {Detail}")]
    public static partial void IntrospectionRefused(ILogger logger, string error, string detail);

    [LoggerMessage(1010, LogLevel.Information, "Revocation by client {ClientId} refused with {Error}: {Detail}")]
    public static partial void RevocationRefused(ILogger logger, string? clientId, string error, string detail);

    [LoggerMessage(1006, LogLevel.Warning, "Store unavailable while serving {Path}")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception, string path);

    [LoggerMessage(1007, LogLevel.Error, "Unexpected failure while serving {Path}")]
    public static partial void Unexpected(ILogger logger, Exception exception, string path);
}
