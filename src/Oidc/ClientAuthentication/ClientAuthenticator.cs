// RFC 6749 §2.3 and OpenID Connect Core §9: who is the client, and did it prove it by the method it registered.
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Oidc;

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

/// <summary>Authenticates clients at every endpoint where they authenticate.</summary>
public static class ClientAuthenticator
{
    // Compared against when there is nothing to compare with, so that an unknown client costs what a wrong secret costs.
    private static readonly byte[] Nothing = new byte[SHA256.HashSizeInBytes];

    public static ClientAuthenticationOutcome Authenticate(string? authorizationHeader, Parameters parameters, Configuration configuration, DateTimeOffset now)
    {
        var presented = Read(authorizationHeader, parameters, out var error);
        if (error is not null)
        {
            return Refuse(error, authorizationHeader is not null);
        }

        var client = configuration.FindClient(presented!.ClientId);
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

        if (presented.Secret is not null && !secretMatches)
        {
            return Refuse(OAuthError.InvalidClient($"wrong or expired secret of client {client.Id}"), presented.ByHeader);
        }

        return client.Enabled
            ? new ClientAuthenticationOutcome.Authenticated(client, presented.Method)
            : Refuse(OAuthError.InvalidClient($"client {client.Id} is disabled"), presented.ByHeader);
    }

    private sealed record Presented(string ClientId, string? Secret, string Method)
    {
        public bool ByHeader => Method == ClientAuthenticationMethod.SecretBasic;
    }

    private static Presented? Read(string? authorizationHeader, Parameters parameters, out OAuthError? error)
    {
        error = null;
        var clientId = parameters["client_id"];
        var secret = parameters["client_secret"];
        if (authorizationHeader is null)
        {
            if (clientId is null)
            {
                error = OAuthError.InvalidClient("no client_id and no Authorization header");
                return null;
            }

            return new Presented(clientId, secret, secret is null ? ClientAuthenticationMethod.None : ClientAuthenticationMethod.SecretPost);
        }

        // RFC 6749 §2.3: one method per request.
        if (secret is not null)
        {
            error = OAuthError.InvalidRequest("More than one client authentication method was used.");
            return null;
        }

        if (ReadBasic(authorizationHeader) is not { } basic)
        {
            error = OAuthError.InvalidClient("malformed Authorization header");
            return null;
        }

        if (clientId is not null && !string.Equals(clientId, basic.ClientId, StringComparison.Ordinal))
        {
            error = OAuthError.InvalidRequest("The client_id differs from the authenticated client.");
            return null;
        }

        return basic;
    }

    // RFC 6749 §2.3.1: id and secret are form-encoded before they go into Basic (RFC 7617).
    private static Presented? ReadBasic(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase) || value.Parameter is null)
        {
            return null;
        }

        Span<byte> bytes = value.Parameter.Length <= 2_048 ? stackalloc byte[1_536] : [];
        if (!Convert.TryFromBase64String(value.Parameter, bytes, out var length) || !Ascii.IsValid(bytes[..length]))
        {
            return null;
        }

        var text = Encoding.ASCII.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return null;
        }

        var id = Parameters.DecodeComponent(text.AsSpan(0, colon));
        var secret = Parameters.DecodeComponent(text.AsSpan(colon + 1));
        return string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret) ? null : new Presented(id, secret, ClientAuthenticationMethod.SecretBasic);
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

    private static ClientAuthenticationOutcome.Refused Refuse(OAuthError error, bool byHeader) => new(error, byHeader);
}
