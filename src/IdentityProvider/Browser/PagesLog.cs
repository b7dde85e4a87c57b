namespace IdentityProvider;

/// <summary>What the pages log: rules and paths, never anything a person typed.</summary>
internal static partial class PagesLog
{
    [LoggerMessage(3001, LogLevel.Warning, "Store unavailable while showing {Path}")]
    public static partial void StoreUnavailable(ILogger logger, Exception exception, string path);

    [LoggerMessage(3002, LogLevel.Error, "Unexpected failure while showing {Path}")]
    public static partial void Unexpected(ILogger logger, Exception exception, string path);

    [LoggerMessage(3003, LogLevel.Information, "A form came back without its antiforgery token on {Path}")]
    public static partial void FormExpired(ILogger logger, string path);
}
