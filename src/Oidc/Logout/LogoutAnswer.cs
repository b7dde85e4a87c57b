// OpenID Connect Back-Channel Logout 1.0 §2.8: what a client answered to a logout token.
using System.Globalization;

namespace Oidc;

/// <summary>What comes next for a logout notice.</summary>
public enum LogoutVerdict
{
    /// <summary>The client has done it.</summary>
    Done,

    /// <summary>The client understood and refused: it will not think better of the next token.</summary>
    Refused,

    /// <summary>Nobody knows; it is worth another try.</summary>
    Unknown,
}

/// <summary>An answer, or what there was instead of one.</summary>
/// <param name="Text">For log and audit: a status or a kind of failure, nothing that the other side wrote.</param>
public sealed record LogoutAnswer(LogoutVerdict Verdict, string Text)
{
    // §2.8: 200 when it succeeded, and 204 is taken too; 400 when the request was invalid or the logout failed.
    public static LogoutAnswer Of(int status) => new(
        status switch
        {
            200 or 204 => LogoutVerdict.Done,
            400 => LogoutVerdict.Refused,
            _ => LogoutVerdict.Unknown,
        },
        status.ToString(CultureInfo.InvariantCulture));

    public static LogoutAnswer None(string why) => new(LogoutVerdict.Unknown, why);
}
