namespace Oidc.Tests;

/// <summary>The catalogue of refusals as a whole.</summary>
public sealed class OAuthErrorTests
{
    public static TheoryData<OAuthError> Catalogue =>
    [
        OAuthError.InvalidRequest("What is wrong."), OAuthError.InvalidClient("d"), OAuthError.InvalidGrant("d"), OAuthError.UnsupportedGrantType("d"),
        OAuthError.UnauthorizedClient("d"), OAuthError.InvalidScope("What is wrong."), OAuthError.AccessDenied("d"), OAuthError.UnsupportedResponseType("d"),
        OAuthError.BadClientOrRedirect("What is wrong."), OAuthError.LoginRequired(), OAuthError.RequestNotSupported(), OAuthError.RequestUriNotSupported(),
        OAuthError.InvalidTarget("What is wrong."), OAuthError.InvalidToken("d"), OAuthError.InsufficientScope("What is wrong."), OAuthError.MethodNotAllowed(),
        OAuthError.UnreadableBody(400), OAuthError.RequestTooLarge(), OAuthError.TemporarilyUnavailable("d"), OAuthError.ServerError("0HN1:00000001"),
    ];

    // RFC 6749 §5.2 and RFC 6750 §3: what stands between quotes in a header must not end them.
    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Describes_itself_in_printable_ASCII(OAuthError error)
    {
        error.Description.ShouldAllBe(character => character >= ' ' && character <= '~' && character != '"' && character != '\\');
        error.Code.ShouldMatch("^[a-z_]+$");
    }

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Is_a_refusal_by_its_status(OAuthError error) => error.Status.ShouldBeInRange(400, 599);

    [Fact]
    public void Keeps_for_the_log_what_would_help_a_guesser()
    {
        OAuthError.InvalidGrant("no such code").Description.ShouldBe(OAuthError.InvalidGrant("the code has expired").Description);
        OAuthError.InvalidClient("unknown client").Description.ShouldBe(OAuthError.InvalidClient("wrong secret").Description);
        OAuthError.InvalidToken("expired").Description.ShouldBe(OAuthError.InvalidToken("forged").Description);
    }

    [Fact]
    public void Of_a_client_in_doubt_may_not_be_redirected()
    {
        OAuthError.BadClientOrRedirect("x").MayRedirect.ShouldBeFalse();
        OAuthError.InvalidClient("x").MayRedirect.ShouldBeFalse();
        OAuthError.RequestTooLarge().MayRedirect.ShouldBeFalse();
    }
}
