// OpenID Connect Front-Channel Logout 1.0 §2 and §3: telling clients through the person's browser.
namespace Oidc;

/// <summary>What a sign-out leaves to be done and said in the browser.</summary>
/// <param name="Frames">Addresses to be loaded there, one for each client and session that registered for it.</param>
/// <param name="KeepingAccess">Clients that outlive sign-outs; the person is told.</param>
public sealed record SignedOut(IReadOnlyList<Uri> Frames, IReadOnlyList<Client> KeepingAccess)
{
    /// <summary>Nothing to be done but to go on.</summary>
    public bool IsQuiet => Frames.Count == 0 && KeepingAccess.Count == 0;
}

/// <summary>Finds out what a sign-out leaves to be done in the browser.</summary>
public static class FrontChannelLogout
{
    public static SignedOut After(IReadOnlyList<Participation> parties, Configuration configuration, string issuer)
    {
        var clients = parties.Select(party => (Party: party, Client: configuration.FindClient(party.ClientId))).Where(pair => pair.Client is { Enabled: true }).ToArray();
        return new SignedOut(
            [.. clients.Where(pair => pair.Client!.FrontchannelLogoutUri is not null).Select(pair => FrameOf(pair.Client!.FrontchannelLogoutUri!, issuer, pair.Party.SessionId))],
            [.. clients.Where(pair => pair.Party.KeepsAccess).Select(pair => pair.Client!).Distinct()]);
    }

    // §3: either both parameters or none; a client that did not ask for them ignores them. Query components it registered stay.
    private static Uri FrameOf(Uri registered, string issuer, string sessionId)
    {
        var separator = registered.Query.Length > 0 ? '&' : '?';
        return new Uri($"{registered.AbsoluteUri}{separator}iss={Uri.EscapeDataString(issuer)}&sid={Uri.EscapeDataString(sessionId)}");
    }
}
