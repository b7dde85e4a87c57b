using AccessTokens;
using Accounts;

namespace IdentityProvider;

/// <summary>Hashes new passwords for the JSON API, or says what is wrong with them.</summary>
public sealed class NewPasswords(Passwords passwords)
{
    /// <summary>What is wrong with a new password, told without work.</summary>
    internal static ApiError? Check(string password, string address) => PasswordPolicy.Check(password, address) switch
    {
        PasswordVerdict.Good => null,
        PasswordVerdict.TooLong => ApiErrors.Field("password", "is too long"),
        _ => ApiErrors.PasswordTooWeak,
    };

    internal async Task<(string? Hash, ApiError? Refusal)> HashAsync(string password, string address, CancellationToken cancellation) =>
        await passwords.HashAsync(password, address, cancellation) switch
        {
            HashOutcome.Hashed hashed => (hashed.Hash, null),
            HashOutcome.Busy busy => (null, ApiError.Unavailable(busy.RetryAfter)),
            _ => (null, ApiErrors.PasswordTooWeak),
        };

    /// <summary>The hash of a password that comes with a code. Neither hash nor refusal: no code could open that challenge, so it is worth no work.</summary>
    internal async Task<(string? Hash, ApiError? Refusal)> HashForAsync(ApiCodes codes, HttpContext context, TypedCode typed, string password) =>
        await codes.FindOpenAsync(context, typed) is null ? (null, null) : await HashAsync(password, typed.Email, context.RequestAborted);

    /// <summary>The hash a challenge keeps, if this is its password.</summary>
    internal async Task<(string? Hash, ApiError? Refusal)> MatchAsync(string hash, string password, CancellationToken cancellation) =>
        await passwords.VerifyAsync(hash, password, cancellation) switch
        {
            PasswordMatch.Busy => (null, ApiError.Unavailable(TimeSpan.FromSeconds(2))),
            PasswordMatch.Wrong => (null, ApiErrors.Field("password", "is not the one the challenge was made with")),
            _ => (hash, null),
        };
}
