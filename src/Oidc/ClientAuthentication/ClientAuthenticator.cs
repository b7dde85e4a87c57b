// RFC 6749 §2.3 and OpenID Connect Core §9: who is the client, and did it prove it by the method it registered.
using System.Security.Cryptography;
using System.Text;

namespace Oidc;

/// <summary>What a request says of its client, and from where.</summary>
/// <param name="Network">Of the sender, as <see cref="Guesses"/> counts: an IPv4 address or an IPv6 /64.</param>
public sealed record ClientCredentials(string? AuthorizationHeader, Parameters Parameters, UInt128 Network);

/// <summary>The outcome: the client and how it authenticated, or the refusal.</summary>
public abstract record ClientAuthenticationOutcome
{
    private ClientAuthenticationOutcome()
    {
    }

    public sealed record Authenticated(Client Client, string Method) : ClientAuthenticationOutcome;

    /// <param name="ByHeader">RFC 6749 §5.2: the answer carries WWW-Authenticate when the client used the Authorization header.</param>
    public sealed record Refused(OAuthError Error, bool ByHeader) : ClientAuthenticationOutcome;
}

/// <summary>Who asks about a token (RFC 7662 §2.1): a resource API, a client, or one that is both under one name and one secret.</summary>
public sealed record IntrospectionCaller(Client? Client, Resource? Resource);

/// <summary>Authenticates clients, and resource APIs that introspect, at every endpoint where they authenticate.</summary>
public sealed class ClientAuthenticator(ClientAssertions assertions, Guesses guesses)
{
    // Compared against when there is nothing to compare with, so that an unknown client costs what a wrong secret costs.
    private static readonly byte[] Nothing = new byte[SHA256.HashSizeInBytes];

    public async ValueTask<ClientAuthenticationOutcome> AuthenticateAsync(
        ClientCredentials given, Configuration configuration, DateTimeOffset now, CancellationToken cancellation)
    {
        var presented = PresentedCredentials.Read(given.AuthorizationHeader, given.Parameters, out var error);
        if (presented is null)
        {
            return Refuse(error!, given.AuthorizationHeader is not null);
        }

        var client = configuration.FindClient(presented.ClientId);
        var secretMatches = presented.Secret is not null && Matches(client?.Secrets ?? [], presented.Secret, now);
        if (client is null)
        {
            return Refuse(OAuthError.InvalidClient("unknown client"), presented.ByHeader);
        }

        // A client that registered one method is not let in by another (RFC 6749 §2.3): a public client may not send a secret either.
        if (!client.AuthenticationMethods.Contains(presented.Method))
        {
            return Refuse(OAuthError.InvalidClient($"client {client.Id} is not registered for {presented.Method}"), presented.ByHeader);
        }

        if (presented.Method == ClientAuthenticationMethod.None)
        {
            return Admit(client, presented);
        }

        // RFC 6749 §10.10, RFC 6819 §4.3.5: who guessed wrong too often hears nothing of the next guess, not even that it was right.
        if (guesses.BlockedFor(client.Id, given.Network, now) is { } pause)
        {
            return Refuse(OAuthError.SlowDown($"too many failed authentications of client {client.Id} from one network", pause), byHeader: false);
        }

        if (presented.Secret is not null && !secretMatches)
        {
            guesses.Count(client.Id, given.Network, now);
            return Refuse(OAuthError.InvalidClient($"wrong or expired secret of client {client.Id}"), presented.ByHeader);
        }

        if (presented.Assertion is { } assertion && await assertions.JudgeAsync(client, assertion, now, cancellation) is { } refusal)
        {
            guesses.Count(client.Id, given.Network, now);
            return Refuse(OAuthError.InvalidClient($"assertion of client {client.Id}: {refusal}"), presented.ByHeader);
        }

        return Admit(client, presented);
    }

    /// <summary>
    /// RFC 7662 §2.1: a resource API proves itself with a secret of its own, a client as everywhere; the caller comes back, or the refusal. Public clients
    /// may not ask: anybody could.
    /// </summary>
    public async ValueTask<(IntrospectionCaller? Caller, ClientAuthenticationOutcome.Refused? Refused)> AuthenticateCallerAsync(
        ClientCredentials given, Configuration configuration, DateTimeOffset now, CancellationToken cancellation)
    {
        if (PresentedCredentials.Read(given.AuthorizationHeader, given.Parameters, out _) is { Secret: { } secret } presented
            && configuration.FindResourceByName(presented.ClientId) is { } resource)
        {
            if (guesses.BlockedFor(resource.Name, given.Network, now) is { } pause)
            {
                return (null, Refuse(OAuthError.SlowDown($"too many failed authentications of resource {resource.Name} from one network", pause), byHeader: false));
            }

            var client = configuration.FindClient(resource.Name);
            if (Matches(resource.Secrets, secret, now))
            {
                var isClientToo = client is { Enabled: true } && client.AuthenticationMethods.Contains(presented.Method) && Matches(client.Secrets, secret, now);
                return (new IntrospectionCaller(isClientToo ? client : null, resource), null);
            }

            if (client is null)
            {
                guesses.Count(resource.Name, given.Network, now);
                return (null, Refuse(OAuthError.InvalidClient($"wrong or expired secret of resource {resource.Name}"), presented.ByHeader));
            }
        }

        return await AuthenticateAsync(given, configuration, now, cancellation) switch
        {
            ClientAuthenticationOutcome.Authenticated { Client.IsPublic: false } authenticated => (new IntrospectionCaller(authenticated.Client, null), null),
            ClientAuthenticationOutcome.Refused refused => (null, refused),
            _ => (null, Refuse(OAuthError.InvalidClient("a public client asks about a token"), byHeader: false)),
        };
    }

    private static bool Matches(IReadOnlyList<ClientSecret> secrets, string presented, DateTimeOffset now)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        var matches = secrets.Count == 0 && CryptographicOperations.FixedTimeEquals(hash, Nothing);
        foreach (var secret in secrets)
        {
            matches |= CryptographicOperations.FixedTimeEquals(hash, secret.Sha256) && (secret.ExpiresAt is not { } expiry || now < expiry);
        }

        return matches;
    }

    private static ClientAuthenticationOutcome Admit(Client client, PresentedCredentials presented) => client.Enabled
        ? new ClientAuthenticationOutcome.Authenticated(client, presented.Method)
        : Refuse(OAuthError.InvalidClient($"client {client.Id} is disabled"), presented.ByHeader);

    private static ClientAuthenticationOutcome.Refused Refuse(OAuthError error, bool byHeader) => new(error, byHeader);
}
