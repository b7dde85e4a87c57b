using System.Text;
using Jose;
using Oidc;

namespace IdentityProvider;

/// <summary>Reads the clients of a configuration file and refuses what could not be meant, or should not be allowed (RFC 9700 §2, RFC 8252 §8.4).</summary>
internal sealed class ClientReading(
    string? origin, SecretReading secretReading, IReadOnlyCollection<string> grantTypes, IReadOnlyCollection<string> scopes, DateTimeOffset now)
{
    public List<ClientSecretRow> Secrets { get; } = [];

    public ClientRow Read(string id, YamlSection section)
    {
        var client = new ClientRow
        {
            Id = id,
            Name = section.RequiredText("name"),
            Enabled = section.Flag("enabled", otherwise: true),
            FirstParty = section.Flag("first_party", otherwise: false),
            AccountAccess = section.Flag("account_access", otherwise: false),
            AuthenticationMethods = section.Texts("authentication"),
            GrantTypes = section.Texts("grants"),
            RedirectUris = section.Texts("redirect_uris"),
            PostLogoutRedirectUris = section.Texts("post_logout_redirect_uris"),
            Scopes = section.Texts("scopes"),
            RequirePkce = section.Flag("require_pkce", otherwise: true),
            IdTokenAlgorithm = section.Text("id_token_algorithm") ?? "RS256",
            RotateRefreshTokens = section.Flag("rotate_refresh_tokens", otherwise: false),
            HomeUri = section.Text("home_uri"),
            Jwks = section.Json("jwks")?.ToJsonString(),
            JwksUri = section.Text("jwks_uri"),
            TokenEndpointAuthSigningAlg = section.Text("token_endpoint_auth_signing_alg"),
            SecurityProfile = section.Flag("security_profile", otherwise: false),
            AccessTokenFormat = section.Text("access_token_format") ?? ClientRow.JwtFormat,
            BackchannelLogoutUri = section.Text("backchannel_logout_uri"),
            BackchannelLogoutSessionRequired = section.Flag("backchannel_logout_session_required", otherwise: false),
            FrontchannelLogoutUri = section.Text("frontchannel_logout_uri"),
            FrontchannelLogoutSessionRequired = section.Flag("frontchannel_logout_session_required", otherwise: false),
            SurvivesLogout = section.Flag("survives_logout", otherwise: false),
            LogoUri = section.Text("logo_uri"),
            PolicyUri = section.Text("policy_uri"),
            TosUri = section.Text("tos_uri"),
            RequiredAcr = section.Text("required_acr"),
            ManagedBy = ConfigurationRows.ByFile,
            Origin = origin,
            CreatedAt = now,
            UpdatedAt = now,
        };
        Secrets.AddRange(secretReading.Read(section).Select(sha256 =>
            new ClientSecretRow { ClientId = id, Sha256 = sha256, ManagedBy = ConfigurationRows.ByFile, Origin = origin, CreatedAt = now }));
        section.RefuseTheRest();
        foreach (var problem in ProblemsOf(client, Secrets.Exists(secret => secret.ClientId == id)).Concat(ProblemsOfKeys(client)).Concat(ProblemsOfUris(client)))
        {
            section.Problem(problem);
        }

        return client;
    }

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
            yield return $"needs authentication: {string.Join(", ", ClientAuthenticationMethod.All)}.";
        }

        if (client.AuthenticationMethods.Except(ClientAuthenticationMethod.All).FirstOrDefault() is { } method)
        {
            yield return $"has an unknown authentication method: {method}.";
        }

        var isPublic = client.AuthenticationMethods.Contains(ClientAuthenticationMethod.None);
        if (isPublic && (client.AuthenticationMethods.Length > 1 || hasSecret))
        {
            yield return "is public (authentication none), so it can have neither another method nor a secret.";
        }

        if (hasSecret != client.AuthenticationMethods.Any(used => used is ClientAuthenticationMethod.SecretBasic or ClientAuthenticationMethod.SecretPost))
        {
            yield return "needs secrets exactly when it authenticates with one.";
        }

        if ((client.Jwks ?? client.JwksUri) is null == client.AuthenticationMethods.Contains(ClientAuthenticationMethod.PrivateKeyJwt))
        {
            yield return "needs jwks or jwks_uri exactly when it authenticates with private_key_jwt.";
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

        if (client is { AccountAccess: true, FirstParty: false })
        {
            yield return "has account_access, so it must be first_party.";
        }

        if (client.GrantTypes.Contains("authorization_code") != client.RedirectUris.Length > 0)
        {
            yield return "needs redirect_uris exactly when it has the grant authorization_code.";
        }

        if (client.AccessTokenFormat is not (ClientRow.JwtFormat or ClientRow.ReferenceFormat))
        {
            yield return $"needs an access_token_format of {ClientRow.JwtFormat} or {ClientRow.ReferenceFormat}.";
        }

        if (client.RequiredAcr is { } acr && !Acr.All.Contains(acr))
        {
            yield return $"needs a required_acr of {string.Join(", ", Acr.All)}.";
        }
    }

    private static IEnumerable<string> ProblemsOfKeys(ClientRow client)
    {
        // RFC 7591 §2: jwks and jwks_uri must not both be there.
        if (client is { Jwks: not null, JwksUri: not null })
        {
            yield return "has both jwks and jwks_uri; keep one.";
        }

        if (client.Jwks is { } jwks)
        {
            if (!JwkSet.TryParse(Encoding.UTF8.GetBytes(jwks), out var keys, out var refusal))
            {
                yield return $"has a jwks that cannot be used. {refusal}";
            }
            else if (keys.Keys.Count == 0)
            {
                yield return "has a jwks without a key to verify signatures with.";
            }
        }

        if (client.TokenEndpointAuthSigningAlg is { } algorithm && !Algorithms.All.Contains(algorithm))
        {
            yield return $"needs a token_endpoint_auth_signing_alg of {string.Join(", ", Algorithms.All)}.";
        }
    }

    private static IEnumerable<string> ProblemsOfUris(ClientRow client)
    {
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

        // Fetched by this provider or given to a browser: nothing that anybody on the way could read or change.
        var others = new[]
        {
            ("jwks_uri", client.JwksUri), ("backchannel_logout_uri", client.BackchannelLogoutUri), ("frontchannel_logout_uri", client.FrontchannelLogoutUri),
            ("logo_uri", client.LogoUri), ("policy_uri", client.PolicyUri), ("tos_uri", client.TosUri),
        };
        foreach (var (name, uri) in others)
        {
            if (uri is not null && !IsSafe(uri))
            {
                yield return $"needs a {name} of https, without a user and a fragment.";
            }
        }
    }

    // Plain http only where nothing leaves the machine, as for redirect URIs (RFC 8252 §7.3).
    private static bool IsSafe(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.IsWellFormedOriginalString()
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { UserInfo.Length: 0, Fragment.Length: 0, Host.Length: > 0 };
}
