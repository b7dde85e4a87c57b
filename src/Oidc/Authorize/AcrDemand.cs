// OpenID Connect Core §5.5.1.1 and §3.1.2.1 (acr_values): how strongly the person must have signed in.
namespace Oidc;

/// <summary>
/// What a request demands of the sign-in. <c>acr_values</c> is voluntary: the ID token says what really happened, and the client judges. The
/// <c>acr</c> claim asked for as essential, with values, is a condition, and so is what the client registered as the least.
/// </summary>
public static class AcrDemand
{
    /// <summary>Some sign-in that exists here would do.</summary>
    public static bool CanBeMet(AuthorizeRequest request) => Acr.Supported.Any(acr => IsMet(request, acr));

    public static bool IsMet(AuthorizeRequest request, string acr) =>
        request.Claims.EssentialAcr?.Contains(acr) != false && (request.Client.RequiredAcr is not { } least || RankOf(acr) >= RankOf(least));

    private static int RankOf(string acr) => Acr.All.Index().First(item => item.Item == acr).Index;
}
