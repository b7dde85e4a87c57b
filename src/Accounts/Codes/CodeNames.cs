namespace Accounts;

/// <summary>The names under which purposes and surfaces are stored.</summary>
internal static class CodeNames
{
    public static string Text(this CodePurpose purpose) => purpose switch
    {
        CodePurpose.SignUp => "sign-up",
        CodePurpose.SignIn => "sign-in",
        CodePurpose.PasswordReset => "password-reset",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };

    public static string Text(this Surface surface) => surface switch
    {
        Surface.Page => "page",
        Surface.Json => "json",
        Surface.Grant => "grant",
        _ => throw new ArgumentOutOfRangeException(nameof(surface)),
    };
}
