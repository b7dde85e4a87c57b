using System.Security.Cryptography;
using System.Text;
using Oidc;

namespace IdentityProvider;

/// <summary>Reads the clients of a configuration file and refuses what could not be meant, or should not be allowed (RFC 9700 §2, RFC 8252 §8.4).</summary>
internal sealed class ClientReading(string? origin, IReadOnlyCollection<string> grantTypes, IReadOnlyCollection<string> scopes, DateTimeOffset now)
{
    public const int MinimumSecretLength = 32;

    private static readonly string[] Methods = [ClientAuthenticationMethod.None, ClientAuthenticationMethod.SecretBasic, ClientAuthenticationMethod.SecretPost];

    public List<ClientSecretRow> Secrets { get; } = [];

    public ClientRow Read(string id, YamlSection section)
    {
        var client = new ClientRow
        {
            Id = id,
            Name = section.RequiredText("name"),
            Enabled = section.Flag("enabled", otherwise: true),
            FirstParty = section.Flag("first_party", otherwise: false),
            AuthenticationMethods = section.Texts("authentication"),
            GrantTypes = section.Texts("grants"),
            RedirectUris = section.Texts("redirect_uris"),
            PostLogoutRedirectUris = section.Texts("post_logout_redirect_uris"),
            Scopes = section.Texts("scopes"),
            RequirePkce = section.Flag("require_pkce", otherwise: true),
            IdTokenAlgorithm = section.Text("id_token_algorithm") ?? "RS256",
            RotateRefreshTokens = section.Flag("rotate_refresh_tokens", otherwise: false),
            HomeUri = section.Text("home_uri"),
            ManagedBy = ConfigurationRows.ByFile,
            Origin = origin,
            CreatedAt = now,
            UpdatedAt = now,
        };
        foreach (var secret in section.Texts("secrets"))
        {
            AddSecret(id, secret, section);
        }

        section.RefuseTheRest();
        foreach (var problem in ProblemsOf(client, Secrets.Exists(secret => secret.ClientId == id)))
        {
            section.Problem(problem);
        }

        return client;
    }

    // A value stands in the file in development only; otherwise env:NAME or file:/path says where it is.
    private void AddSecret(string clientId, string given, YamlSection section)
    {
        var secret = Resolve(given);
        if (secret is null)
        {
            section.Problem($"names a secret that is not there: {given}.");
            return;
        }
        if (origin is null && (secret.Length < MinimumSecretLength || secret.EndsWith("-development-secret", StringComparison.Ordinal)))
        {
            section.Problem($"has a secret that is too short or a default; draw one of at least {MinimumSecretLength} characters (openssl rand -base64 32).");
            return;
        }
        Secrets.Add(new ClientSecretRow
        {
            ClientId = clientId,
            Sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(secret)),
            ManagedBy = ConfigurationRows.ByFile,
            Origin = origin,
            CreatedAt = now,
        });
    }

    private static string? Resolve(string given) =>
        given.StartsWith("env:", StringComparison.Ordinal) ? Environment.GetEnvironmentVariable(given[4..])
        : !given.StartsWith("file:", StringComparison.Ordinal) ? given
        : File.Exists(given[5..]) ? File.ReadAllText(given[5..]).Trim()
        : null;

    private IEnumerable<string> ProblemsOf(ClientRow client, bool hasSecret)
    {
        // RFC 9700 §4.15: the sub of a person is a UUID.
        if (Guid.TryParse(client.Id, out _))
        {
            yield return "has an id that could be taken for a person's; choose a name.";
        }

        if (client.Id.Length is 0 or > 100 || !client.Id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'))
        {
            yield return "needs an id of letters, digits, '-', '_' and '.', at most 100 of them.";
        }

        if (client.AuthenticationMethods.Length == 0)
        {
            yield return $"needs authentication: {string.Join(", ", Methods)}.";
        }

        if (client.AuthenticationMethods.Except(Methods).FirstOrDefault() is { } method)
        {
            yield return $"has an unknown authentication method: {method}.";
        }

        var isPublic = client.AuthenticationMethods.Contains(ClientAuthenticationMethod.None);
        if (isPublic && (client.AuthenticationMethods.Length > 1 || hasSecret))
        {
            yield return "is public (authentication none), so it can have neither another method nor a secret.";
        }

        if (!isPublic && !hasSecret)
        {
            yield return "needs secrets.";
        }

        if (isPublic && !client.RequirePkce)
        {
            yield return "is public, so require_pkce cannot be false (RFC 9700 §2.1.1).";
        }

        if (client.GrantTypes.Length == 0)
        {
            yield return "needs grants.";
        }

        if (client.GrantTypes.Except(grantTypes).FirstOrDefault() is { } grant)
        {
            yield return $"has an unknown grant: {grant}.";
        }

        if (isPublic && client.GrantTypes.Contains("client_credentials"))
        {
            yield return "is public, so it cannot have the grant client_credentials (RFC 6749 §4.4).";
        }

        if (client.Scopes.Except(scopes).FirstOrDefault() is { } scope)
        {
            yield return $"has an unknown scope: {scope}.";
        }

        if (!IdToken.Algorithms.Contains(client.IdTokenAlgorithm))
        {
            yield return $"needs an id_token_algorithm of {string.Join(", ", IdToken.Algorithms)}.";
        }

        if (client.GrantTypes.Contains("authorization_code") != client.RedirectUris.Length > 0)
        {
            yield return "needs redirect_uris exactly when it has the grant authorization_code.";
        }

        foreach (var uri in client.RedirectUris.Concat(client.PostLogoutRedirectUris))
        {
            if (RedirectUri.ProblemOf(uri) is { } problem)
            {
                yield return $"has the redirect URI {uri}, which {problem}.";
            }
        }
        if (client.HomeUri is { } home && !(Uri.TryCreate(home, UriKind.Absolute, out var homeUri) && homeUri.Scheme is "http" or "https"))
        {
            yield return "needs a home_uri of http or https.";
        }
    }
}
