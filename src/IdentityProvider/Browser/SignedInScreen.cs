using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// Says that one is signed in: to whoever had an account without knowing it, and to whoever went back in their browser to a sign-in that is complete.
/// </summary>
/// <param name="ContinueUri">Where the application is, or the account page of whoever came by themselves.</param>
public sealed record SignedInScreen(FoundSession Session, Client? Client, bool HadAccount, bool WasAnswered, string ContinueUri)
{
    /// <summary>Somebody to be told before they go on, or who has gone on already.</summary>
    public static bool IsDue(InteractionState state) => state.HadAccount || state.AnsweredAt is not null;

    public static ViewResult Of(Interaction interaction, Client? client, FoundSession session)
    {
        var answered = interaction.State.AnsweredAt is not null;
        var uri = client is null ? PagePaths.Account : answered ? client.HomeUri ?? PagePaths.After(interaction) : PagePaths.After(interaction);
        return Screens.Of("SignedIn", new SignedInScreen(session, client, interaction.State.HadAccount && !answered, answered, uri));
    }
}
