using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>
/// A page whose interaction waited too long: it sends its own request once more, at one click, or lets a person begin anew who came by themselves.
/// One that is gone, or is another browser's, is an <see cref="ErrorScreen"/> that names the application and leads back to it.
/// </summary>
/// <param name="Request">The request to send once more; null for who came by themselves.</param>
public sealed record LostScreen(Client? Client, IReadOnlyList<KeyValuePair<string, string>>? Request)
{
    /// <param name="expired">This browser's own interaction, too old to go on.</param>
    /// <param name="client">Whose it is or was, as far as known.</param>
    public static ViewResult Of(HttpContext context, Interaction? expired, Client? client)
    {
        // The client or its redirect URI may be gone since.
        var maySend = client is { Enabled: true } && PageDoor.DestinationOf(expired, client) is not null;
        return expired is null || (expired.ClientId is not null && !maySend)
            ? ErrorScreen.Stale(context, client)
            : Screens.Of("Lost", new LostScreen(client, expired.ClientId is null ? null : expired.Parameters.Items));
    }
}
