// OpenID Connect RP-Initiated Logout 1.0 §2: reading the hint, the client and where to go afterwards.
namespace Oidc;

/// <summary>Reads logout requests.</summary>
public sealed class LogoutReader(OidcOptions options, IConfigurationSource configuration, ISigningKeys keys, TimeProvider time)
{
    public LogoutRequest Read(ParametersOutcome read)
    {
        var parameters = read.Parameters;
        if (read.Error is { } error)
        {
            // Nothing for a page to post back: read again without what was doubled or cut off, it would say something else.
            return new LogoutRequest(null, null, null, null, new LogoutProblem(LogoutProblemKind.Unreadable, error.Description), Parameters.Empty);
        }

        var hint = parameters["id_token_hint"] is { } token ? IdTokenHint.Read(token, options.Issuer, keys.Current, time.GetUtcNow()) : null;
        if (parameters.Has("id_token_hint") && hint is null)
        {
            return Stay(null, parameters, LogoutProblemKind.ForeignHint, "The id_token_hint is not one of our ID tokens.");
        }

        // §2: when both are there they must agree.
        var clientId = parameters["client_id"] ?? hint?.ClientId;
        if (hint is not null && !string.Equals(clientId, hint.ClientId, StringComparison.Ordinal))
        {
            return Stay(null, parameters, LogoutProblemKind.Contradiction, "The id_token_hint was issued to another application.");
        }

        var client = clientId is null ? null : configuration.Current.FindClient(clientId);
        var redirectUri = parameters["post_logout_redirect_uri"];
        if (redirectUri is null)
        {
            return new LogoutRequest(client, null, null, hint?.SessionId, null, parameters);
        }

        if (client is null)
        {
            return Stay(null, parameters, LogoutProblemKind.UnknownClient, "The request does not say which application it is from.");
        }

        // §3: only to a URI this client registered, compared as a string.
        return client.Enabled && client.PostLogoutRedirectUris.Contains(redirectUri)
            ? new LogoutRequest(client, redirectUri, parameters["state"], hint?.SessionId, null, parameters)
            : Stay(client, parameters, LogoutProblemKind.UnregisteredUri, "The post_logout_redirect_uri is not registered for this application.");
    }

    // What is wrong in one place proves nothing in another: such a hint does not keep the person from being asked.
    private static LogoutRequest Stay(Client? client, Parameters parameters, LogoutProblemKind kind, string text) =>
        new(client, null, null, null, new LogoutProblem(kind, text), parameters);
}
