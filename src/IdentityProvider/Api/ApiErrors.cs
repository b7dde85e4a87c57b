using AccessTokens;

namespace IdentityProvider;

/// <summary>Every refusal of the JSON API beyond those all our APIs have: the code a program acts on, and a sentence for its developer.</summary>
internal static class ApiErrors
{
    public static ApiError ChallengeInvalid { get; } = new(400, "AUTH_OTP_CHALLENGE_INVALID", "This challenge is unknown, used, or not of this address, purpose, browser or client.");
    public static ApiError CodeInvalid { get; } = new(400, "AUTH_OTP_CODE_INVALID", "This is not the code.");
    public static ApiError CodeExpired { get; } = new(400, "AUTH_OTP_CODE_EXPIRED", "The code has expired. Ask for a new one.");
    public static ApiError InvalidCredentials { get; } = new(401, "AUTH_INVALID_CREDENTIALS", "The sign-in was refused.");
    public static ApiError RefreshInvalid { get; } = new(401, "AUTH_REFRESH_INVALID", "The refresh token is unknown, expired or revoked. Sign in again.");
    public static ApiError ReauthenticationRequired { get; } = new(401, "AUTH_REAUTH_REQUIRED", "The sign-in is too long ago for this. Sign in again.");
    public static ApiError PasswordNotSet { get; } = new(403, "AUTH_PASSWORD_NOT_SET", "This account has no password. Sign in with a code.");
    public static ApiError AccountExists { get; } = new(409, "AUTH_ACCOUNT_EXISTS", "This address has an account already. Sign in to it.");
    public static ApiError PasswordTooWeak { get; } = new(422, "AUTH_PASSWORD_TOO_WEAK", "The password must have at least 8 characters and not be one that is guessed first.");

    public static ApiError SendLimited(TimeSpan retryAfter) =>
        new(429, "AUTH_OTP_SEND_RATE_LIMITED", "Too many codes were asked for. Try again later.") { RetryAfter = retryAfter };

    public static ApiError GuessesLimited(TimeSpan retryAfter) =>
        new(429, "AUTH_OTP_VERIFY_RATE_LIMITED", "Too many wrong codes. Ask for a new one later.") { RetryAfter = retryAfter };

    public static ApiError AccountLocked(TimeSpan retryAfter) =>
        new(429, "AUTH_ACCOUNT_LOCKED", "Too many wrong passwords. Try again later, or sign in with a code.") { RetryAfter = retryAfter };

    /// <summary>A member of the body is refused.</summary>
    public static ApiError Field(string name, string problem) => ApiError.InvalidFields(new Dictionary<string, string> { [name] = problem });
}
