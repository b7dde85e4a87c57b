using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>Says that one is signed out, and what goes with it.</summary>
/// <param name="Client">The application that sent the person here.</param>
/// <param name="Reason">Why they were not sent back.</param>
public sealed record SignedOutScreen(Client? Client, LogoutProblemKind? Reason)
{
    /// <summary>Front-Channel Logout 1.0 §3: addresses by which applications learn of it; the page loads them in frames nobody sees.</summary>
    public IReadOnlyList<Uri> Frames { get; init; } = [];

    /// <summary>Applications that go on having access.</summary>
    public IReadOnlyList<Client> KeepingAccess { get; init; } = [];

    /// <summary>Where the person goes next; null when they stay.</summary>
    public string? Location { get; init; }

    /// <summary>The page goes on by itself. Not when it says something that only it says.</summary>
    public bool GoesOn => Location is not null && KeepingAccess.Count == 0;

    public static ViewResult Of(Client? client, LogoutProblemKind? reason) => Screens.Of("SignedOut", new SignedOutScreen(client, reason));

    public static ViewResult After(LogoutRequest request, SignedOut signedOut) => Screens.Of("SignedOut", new SignedOutScreen(request.Client, request.Problem?.Kind)
    {
        Frames = signedOut.Frames,
        KeepingAccess = signedOut.KeepingAccess,
        Location = request.Location,
    });
}
