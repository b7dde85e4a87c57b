// RFC 6749 §3.3 and RFC 8707 §2: reading scope and resource, and what they make of aud.
namespace Oidc;

/// <summary>The scope and resource rules that authorize, token and every grant share.</summary>
public static class ScopeAndResource
{
    public const string OpenId = "openid";
    public const string OfflineAccess = "offline_access";

    /// <summary>The scopes that belong to OpenID Connect itself (Core §5.4, §11), not to a resource.</summary>
    public static IReadOnlyList<string> OpenIdScopes { get; } = [OpenId, "profile", "email", "phone", "address", OfflineAccess];

    /// <summary>RFC 6749 §3.3: space-delimited tokens of printable ASCII without quote and backslash; each counts once. Null: not of that form.</summary>
    public static IReadOnlyList<string>? Split(string scope)
    {
        var scopes = new List<string>(8);
        foreach (var token in scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!token.All(character => character is >= '!' and <= '~' and not '"' and not '\\'))
            {
                return null;
            }

            if (!scopes.Contains(token))
            {
                scopes.Add(token);
            }
        }

        return scopes;
    }

    /// <summary>The scopes a client asks for, if it may. Null scopes without an error: none were named.</summary>
    public static (IReadOnlyList<string>? Scopes, OAuthError? Error) Read(Parameters parameters, Client client)
    {
        if (parameters["scope"] is not { } text)
        {
            return (null, null);
        }

        if (Split(text) is not { Count: > 0 } scopes)
        {
            return (null, OAuthError.InvalidScope("The scope is malformed."));
        }

        return scopes.All(client.Scopes.Contains)
            ? (scopes, null)
            : (null, OAuthError.InvalidScope("A requested scope is unknown or not allowed for this client."));
    }

    /// <summary>RFC 8707 §2: every resource must be one we know by its URI; naming one twice is naming it once.</summary>
    public static (IReadOnlyList<Resource> Resources, OAuthError? Error) ReadResources(Parameters parameters, Configuration configuration)
    {
        var resources = new List<Resource>();
        foreach (var uri in parameters.All("resource"))
        {
            if (configuration.FindResource(uri) is not { } resource)
            {
                return ([], OAuthError.InvalidTarget("The requested resource is unknown."));
            }

            if (!resources.Contains(resource))
            {
                resources.Add(resource);
            }
        }

        return (resources, null);
    }

    /// <summary>RFC 8707 §2: a resource of which no scope is granted is not an acceptable target.</summary>
    public static OAuthError? CheckTargets(IReadOnlyList<Resource> resources, IReadOnlyList<string> scopes) =>
        resources.All(resource => resource.Scopes.Any(scopes.Contains))
            ? null
            : OAuthError.InvalidTarget("No scope of the requested resource is granted.");

    /// <summary>
    /// RFC 9068 §3: the audience is the resources of the granted scopes, narrowed by those named in the request; with only OpenID scopes it
    /// is the issuer, which no resource API accepts. Scopes of resources narrowed away leave the token too.
    /// </summary>
    /// <param name="named">The only resources the token may be for; null when nothing narrows it.</param>
    public static (IReadOnlyList<string> Audience, IReadOnlyList<string> Scopes) Narrow(
        IReadOnlyList<string> scopes, IReadOnlyList<Resource>? named, Configuration configuration, string issuer)
    {
        var audience = new List<string>(2);
        var kept = new List<string>(scopes.Count);
        foreach (var scope in scopes)
        {
            var resource = configuration.ResourceOf(scope);
            if (resource is not null && named is not null && !named.Contains(resource))
            {
                continue;
            }

            kept.Add(scope);
            if (resource is not null && !audience.Contains(resource.Name))
            {
                audience.Add(resource.Name);
            }
        }

        return (audience.Count > 0 ? audience : [issuer], kept);
    }
}
