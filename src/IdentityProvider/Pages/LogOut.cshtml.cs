using Microsoft.AspNetCore.Mvc;
using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>Asks before signing out, and says when it is done.</summary>
public sealed class LogOutPage(PageDoor door, LogoutEndpoint endpoint, IConfigurationSource configuration, TimeProvider time) : FlowPage(door, time)
{
    /// <summary>The application that sent the person here.</summary>
    public Client? Client { get; private set; }

    public SignedOutReason Reason { get; private set; }

    protected override bool NeedsIdentifier => false;

    public async Task<IActionResult> OnPostAsync()
    {
        // RP-Initiated Logout §2: the person agreed; whether they may be sent back is judged again from what the relying party sent.
        await endpoint.SignOutAsync(HttpContext, endpoint.Read(Input.Form), Visit.Session?.Session.Id);
        return new EmptyResult();
    }

    protected override Task<IActionResult> ShowAsync()
    {
        if (Visit.Session is { } session)
        {
            var request = endpoint.Read(Input.Form);
            PageHeaders.Write(HttpContext, request.RedirectUri);
            return Task.FromResult<IActionResult>(LogOutScreen.Question(request, session));
        }

        Client = Input.Query["client"] is { } id && configuration.Current.FindClient(id) is { Enabled: true } client ? client : null;
        Reason = Enum.TryParse<SignedOutReason>(Input.Query["reason"], out var reason) && Enum.IsDefined(reason) ? reason : SignedOutReason.None;
        return base.ShowAsync();
    }
}
