using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider;

/// <summary>The error page opened by hand. Errors themselves are shown where they happen.</summary>
public sealed class LogInErrorPage(PageDoor door, TimeProvider time) : FlowPage(door, time)
{
    protected override bool NeedsIdentifier => false;

    protected override Task<IActionResult> ShowAsync() => Task.FromResult<IActionResult>(ErrorScreen.Bare(HttpContext, Texts));
}
