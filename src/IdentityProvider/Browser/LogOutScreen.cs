using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>The question before signing out. Its form carries the relying party's parameters on, to be judged again.</summary>
public sealed record LogOutScreen(Client? Client, FoundSession? Session, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    // RP-Initiated Logout §2; anything else would only travel along.
    private static readonly string[] Known = ["id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"];

    public static ViewResult Question(LogoutRequest request, FoundSession? session) =>
        Screens.Of("LogOut", new LogOutScreen(request.Client, session, [.. request.Parameters.Items.Where(item => Known.Contains(item.Key))]));

    /// <summary>The page that says one is signed out, and why one is still here: by fixed words only, so that the address can be shown to anybody.</summary>
    public static string PathOf(LogoutRequest request)
    {
        var query = QueryString.Empty;
        if (request.Client is { } client)
        {
            query = query.Add("client", client.Id);
        }

        if (ReasonOf(request) is var reason and not SignedOutReason.None)
        {
            query = query.Add("reason", reason.ToString());
        }

        if (Language.FromLocales(request.Parameters["ui_locales"]) is { } language)
        {
            query = query.Add("ui_locales", language);
        }

        return PagePaths.LogOut + query;
    }

    private static SignedOutReason ReasonOf(LogoutRequest request)
    {
        if (request.Problem is null)
        {
            return SignedOutReason.None;
        }
        // The engine passes on nothing of a request it could not read.
        if (request.Parameters.Items.Count == 0)
        {
            return SignedOutReason.Unreadable;
        }

        if (request.Client is not null)
        {
            return SignedOutReason.UnregisteredAddress;
        }

        return request.Parameters.Has("id_token_hint") ? SignedOutReason.ForeignHint : SignedOutReason.UnknownApplication;
    }
}
