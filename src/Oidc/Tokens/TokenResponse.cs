// RFC 6749 §5.1 and OpenID Connect Core §3.1.3.3: the successful answer of the token endpoint.
using System.Text.Json;

namespace Oidc;

/// <summary>What the client gets.</summary>
public sealed record TokenResponse(string AccessToken, int ExpiresIn, string Scope, string? RefreshToken, string? IdToken)
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("access_token"u8, AccessToken);
        writer.WriteString("token_type"u8, "Bearer"u8);
        writer.WriteNumber("expires_in"u8, ExpiresIn);
        writer.WriteString("scope"u8, Scope);
        if (RefreshToken is not null)
        {
            writer.WriteString("refresh_token"u8, RefreshToken);
        }

        if (IdToken is not null)
        {
            writer.WriteString("id_token"u8, IdToken);
        }

        writer.WriteEndObject();
    }
}

/// <summary>Tokens, or the gate's refusal.</summary>
public abstract record IssueOutcome
{
    private IssueOutcome()
    {
    }

    public sealed record Issued(TokenResponse Response) : IssueOutcome
    {
        /// <summary>The grant the tokens were made from; null for a client's own.</summary>
        public Grant? Grant { get; init; }
    }

    public sealed record Refused(OAuthError Error) : IssueOutcome;
}
