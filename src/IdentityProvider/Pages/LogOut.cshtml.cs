using Microsoft.AspNetCore.Mvc;
using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>Asks before signing out, and says when it is done.</summary>
public sealed class LogOutPage(PageDoor door, LogoutEndpoint endpoint, IConfigurationSource configuration, TimeProvider time) : FlowPage(door, time)
{
    protected override bool NeedsIdentifier => false;

    public async Task<IActionResult> OnPostAsync()
    {
        // RP-Initiated Logout §2: the person agreed; whether they may be sent back is judged again from what the relying party sent.
        await endpoint.SignOutAsync(HttpContext, endpoint.Read(Input.Form), Visit.Session?.Session.Id);
        return new EmptyResult();
    }

    protected override Task<IActionResult> ShowAsync()
    {
        // A form that is not ours is answered with the question, whoever is signed in: it did nothing, and the page must not look as if it had.
        if (Visit.Session is not null || Notice is not null)
        {
            var request = endpoint.Read(Input.Form);
            PageHeaders.Write(HttpContext, request.RedirectUri);
            return Task.FromResult<IActionResult>(LogOutScreen.Question(request, Visit.Session, Notice, Response.StatusCode));
        }

        var client = Input.Query["client"] is { } id && configuration.Current.FindClient(id) is { Enabled: true } found ? found : null;
        LogoutProblemKind? reason = Enum.TryParse<LogoutProblemKind>(Input.Query["reason"], out var named) && Enum.IsDefined(named) ? named : null;
        if (client is not null)
        {
            Look.Keep("client", client.Id);
        }

        if (reason is { } why)
        {
            Look.Keep("reason", why.ToString());
        }

        return Task.FromResult<IActionResult>(SignedOutScreen.Of(client, reason));
    }
}
