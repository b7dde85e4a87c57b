using Oidc;
using IConfigurationSource = Oidc.IConfigurationSource;

namespace IdentityProvider;

/// <summary>The client <c>first-party</c>, which all tokens of the JSON API belong to. Without it, or while it is disabled, there is no JSON API.</summary>
public sealed class FirstParty(IConfigurationSource configuration, TimeProvider time)
{
    public const string ClientId = "first-party";

    public static IReadOnlyList<string> Scopes { get; } = ["openid", "profile", "email", "phone", "offline_access", "members"];

    public Client? Client => configuration.Current.FindClient(ClientId) is { Enabled: true, FirstParty: true, AccountAccess: true, IsPublic: true } client ? client : null;

    /// <summary>Whether tokens of a client open this API.</summary>
    public bool IsTrusted(string? clientId) => clientId is not null && configuration.Current.FindClient(clientId) is { Enabled: true, FirstParty: true, AccountAccess: true };

    /// <summary>A token request as this client would make it.</summary>
    /// <param name="context">The call.</param>
    /// <param name="resource">The only resource the token is for; null: all it may be for.</param>
    /// <param name="parameters">What a grant reads.</param>
    public TokenRequest Request(HttpContext context, string? resource = null, params IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var current = configuration.Current;
        var client = current.FindClient(ClientId) ?? throw new InvalidOperationException("A call of the JSON API is served without its client.");
        IReadOnlyList<Resource> resources = resource is not null && current.FindResource(new Resource(resource, []).Uri) is { } named ? [named] : [];
        return new TokenRequest(client, Parameters.From(parameters), null, resources, current, time.GetUtcNow())
        {
            Sender = new Sender(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent),
        };
    }
}
