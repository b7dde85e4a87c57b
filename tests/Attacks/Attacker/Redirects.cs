using Microsoft.Extensions.DependencyInjection;
using Oidc;
using ProviderHarness;

namespace Attacks;

/// <summary>Where this provider may send a browser: to its own pages, and to what a client registered.</summary>
public static class Redirects
{
    private static readonly string[] Pages =
    [
        "/log-in", "/log-in/password", "/email-verification", "/create-account", "/create-account/password", "/log-out", "/consent", "/account", Endpoints.AuthorizeContinue,
    ];

    public static bool AreSafe(string location, Provider provider)
    {
        if (!location.All(character => character is > ' ' and <= '~'))
        {
            return false;
        }

        var registered = provider.Services.GetRequiredService<IConfigurationSource>().Current.Clients.SelectMany(client => client.RedirectUris.Concat(client.PostLogoutRedirectUris));
        return Pages.Contains(location.Split('?')[0])
            || registered.Any(uri => location == uri || location.StartsWith(uri + (uri.Contains('?', StringComparison.Ordinal) ? "&" : "?"), StringComparison.Ordinal));
    }
}
