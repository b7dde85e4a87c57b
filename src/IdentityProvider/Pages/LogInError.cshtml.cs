using Microsoft.AspNetCore.Mvc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>An error shown again, in another language or other colours. Errors themselves are shown where they happen.</summary>
public sealed class LogInErrorPage(PageDoor door, IConfigurationSource configuration, TimeProvider time) : FlowPage(door, time)
{
    protected override bool NeedsIdentifier => false;

    protected override Task<IActionResult> ShowAsync() =>
        Task.FromResult<IActionResult>(ErrorScreen.Again(HttpContext, Input.Query[ErrorScreen.Parameter], id => configuration.Current.FindClient(id)));
}
