using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Oidc;

namespace ProviderHarness;

/// <summary>A person in a session, put there without pages: for tests of what happens to tokens afterwards.</summary>
/// <param name="SessionId">The <c>sid</c>.</param>
/// <param name="PersonId">The <c>sub</c>.</param>
public sealed record SignedIn(Provider Provider, string SessionId, Guid PersonId)
{
    /// <summary>What the browser of this session carries.</summary>
    public required string Cookie { get; init; }

    /// <summary>The redirect URI each client of <c>config/development.yaml</c> registered.</summary>
    public static string RedirectUriOf(Provider provider, string clientId) =>
        provider.Services.GetRequiredService<IConfigurationSource>().Current.FindClient(clientId)!.RedirectUris.Single();

    /// <summary>Makes a session of the person with that address.</summary>
    public static async Task<SignedIn> AsAsync(Provider provider, string email)
    {
        var now = provider.Time.Now;
        var sessionId = Guid.CreateVersion7(now).ToString("N");
        var secret = Handle.Create("se_");
        await using var command = provider.Sql.CreateCommand("""
            insert into sessions (id, secret_hash, person_id, surface, acr, amr, authenticated_at, created_at, last_seen_at, idle_until, expires_at, remembered)
            select $1, $2, id, 'page', 'urn:identity:acr:1fa', '{pwd}', $3, $3, $3, $4, $4, false from people where normalized_email = $5 returning person_id
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sessionId });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = Handle.Hash(secret) });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now + TimeSpan.FromHours(12) });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = email });
        return new SignedIn(provider, sessionId, (Guid)(await command.ExecuteScalarAsync())!) { Cookie = "identity.session=" + secret };
    }

    /// <summary>Allows a client of somebody else whatever it may ask for.</summary>
    private async Task<Consent> ConsentAsync(Client client)
    {
        var scopes = client.Scopes.ToArray();
        await Provider.ExecuteAsync("""
            insert into consents (person_id, client_id, scopes, claims, given_at, expires_at) values ($1, $2, $3, '{}', $4, $5) on conflict do nothing
            """, PersonId, client.Id, scopes, Provider.Time.Now, Provider.Time.Now.AddDays(365));
        return new Consent(scopes, []);
    }

    /// <summary>Asks for a code as the browser would, through the engine's own authorization process.</summary>
    /// <param name="verifier">Null: without PKCE.</param>
    public async Task<string> AuthorizeAsync(string clientId, string scope, string? verifier = Proof.Verifier, params (string Name, string Value)[] more)
    {
        List<KeyValuePair<string, string>> parameters =
        [
            new("client_id", clientId), new("redirect_uri", RedirectUriOf(Provider, clientId)), new("response_type", "code"), new("scope", scope), new("nonce", "n-1"),
            .. more.Select(item => KeyValuePair.Create(item.Name, item.Value)),
        ];
        if (verifier is not null)
        {
            parameters.AddRange([new("code_challenge", Proof.ChallengeOf(verifier)), new("code_challenge_method", "S256")]);
        }

        var session = new Session(SessionId, PersonId.ToString("D"), Provider.Time.Now, Acr.OneFactor, ["pwd"]);
        var client = Provider.Services.GetRequiredService<IConfigurationSource>().Current.FindClient(clientId)!;
        var consent = client.FirstParty ? null : await ConsentAsync(client);
        var outcome = await Provider.Services.GetRequiredService<AuthorizeProcess>().RunAsync(
            new ParametersOutcome(Parameters.From(parameters), null), new Visitor(session, consent), answers: null, CancellationToken.None);
        return outcome is AuthorizeOutcome.Respond { Parameters: [{ Key: "code", Value: var code }, ..] }
            ? code
            : throw new InvalidOperationException($"No code but {outcome}");
    }
}

/// <summary>RFC 7636, the client's side.</summary>
public static class Proof
{
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    public static string ChallengeOf(string verifier) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
