// RFC 6749 §4.4: a client acting for itself.
namespace Oidc;

/// <summary>The grant <c>client_credentials</c>: needs no store and no round trip.</summary>
public sealed class ClientCredentialsGrant : IGrant
{
    public string Type => "client_credentials";

    public Task<GrantOutcome> DecideAsync(TokenRequest request, CancellationToken cancellation) => Task.FromResult(Decide(request));

    private static GrantOutcome Decide(TokenRequest request)
    {
        // RFC 6749 §4.4: for confidential clients only.
        if (request.Client.IsPublic)
        {
            return OAuthError.UnauthorizedClient("client credentials for a public client");
        }

        // Scopes about a person mean nothing where there is none.
        if (request.Scopes is { } scopes && scopes.Any(scope => request.Configuration.ResourceOf(scope) is null))
        {
            return OAuthError.InvalidScope("Only scopes of resource APIs can be granted to a client itself.");
        }

        // RFC 6749 §3.3: no scope named means every API scope the client holds; of the named resources, if any are.
        var granted = request.Scopes ?? [.. request.Client.Scopes.Where(scope => request.Configuration.ResourceOf(scope) is not null).Order(StringComparer.Ordinal)];
        return granted.Count > 0
            ? new GrantApproval { Scopes = granted }
            : OAuthError.InvalidScope("This client holds no scope of a resource API.");
    }
}
