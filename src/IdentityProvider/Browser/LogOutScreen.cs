using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>The question before signing out. Its form carries the relying party's parameters on, to be judged again.</summary>
/// <param name="Notice">What went wrong with the form, if it came back.</param>
public sealed record LogOutScreen(Client? Client, FoundSession? Session, IReadOnlyList<KeyValuePair<string, string>> Parameters, IHtmlContent? Notice)
{
    // RP-Initiated Logout §2; anything else would only travel along.
    private static readonly string[] Known = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

    public static ViewResult Question(LogoutRequest request, FoundSession? session, IHtmlContent? notice = null, int status = StatusCodes.Status200OK) =>
        Screens.Of("LogOut", new LogOutScreen(request.Client, session, Carried(request), notice), status);

    /// <summary>What of the relying party's request the question must carry on.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Carried(LogoutRequest request) => [.. request.Parameters.Items.Where(item => Known.Contains(item.Key))];

    /// <summary>The page that says one is signed out, and why one is still here: by fixed words only, so that the address can be shown to anybody.</summary>
    public static string PathOf(LogoutRequest request)
    {
        var query = QueryString.Empty;
        if (request.Client is { } client)
        {
            query = query.Add("client", client.Id);
        }

        if (request.Problem is { } problem)
        {
            query = query.Add("reason", problem.Kind.ToString());
        }

        if (Language.FromLocales(request.Parameters["ui_locales"]) is { } language)
        {
            query = query.Add("ui_locales", language);
        }

        return PagePaths.LogOut + query;
    }
}
