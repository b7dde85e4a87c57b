using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>Asks whether the account one is signed in to is the one that is meant (Core §3.1.2.1, <c>select_account</c>).</summary>
/// <param name="Shown">The fingerprint of what is shown.</param>
public sealed record SelectAccountScreen(string Action, Client? Client, FoundSession Session, string Shown)
{
    public static ViewResult Of(Interaction interaction, Client? client, FoundSession session) =>
        Screens.Of("SelectAccount", new SelectAccountScreen(PagePaths.With(PagePaths.LogIn, interaction), client, session, interaction.Fingerprint(session.Session)));
}
