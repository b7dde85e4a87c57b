using Microsoft.AspNetCore.Mvc;
using Oidc;

namespace IdentityProvider;

/// <summary>RFC 9110 §15.4.4: after every form the next page is asked for anew, so that going back or reloading sends nothing twice.</summary>
/// <param name="Location">One of <see cref="PagePaths"/>; never anything a request brought.</param>
public sealed record SeeOther(string Location) : IActionResult
{
    public Task ExecuteResultAsync(ActionContext context)
    {
        OAuthEndpoint.SeeOther(context.HttpContext, Location);
        return Task.CompletedTask;
    }
}

/// <summary>The pages' addresses.</summary>
public static class PagePaths
{
    public const string LogIn = "/log-in";
    public const string Password = "/log-in/password";
    public const string Code = "/email-verification";
    public const string CreateAccount = "/create-account";
    public const string NewPassword = "/create-account/password";
    public const string Consent = "/consent";
    public const string LogOut = "/log-out";
    public const string Error = "/log-in/error";
    public const string Account = "/account";

    /// <summary>The page in the interaction at hand.</summary>
    public static string With(string page, Interaction? interaction) => interaction is null ? page : $"{page}?{Interactions.Parameter}={interaction.Handle}";

    /// <summary>Where whoever has just signed in goes: back into the authorization request, or to their account.</summary>
    public static string After(Interaction interaction) => interaction.ClientId is null ? Account : With(Endpoints.AuthorizeContinue, interaction);
}
