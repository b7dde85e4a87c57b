using System.Text;

namespace AccessTokens;

/// <summary>The answers of RFC 6750 §3.1 and the two that come before them: no token at all, and nobody to say what one is worth.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Error">The <c>error</c> of the challenge; null where none is given (RFC 6750 §3.1, last paragraph).</param>
/// <param name="Description">For the client's developer; never tells what exactly was wrong with a token.</param>
/// <param name="Code">The code of the JSON body.</param>
internal sealed record BearerError(int Status, string? Error, string Description, string Code)
{
    public static readonly BearerError NoToken = new(401, null, "Authentication is required.", ApiError.Unauthenticated);

    public static readonly BearerError InvalidRequest =
        new(400, "invalid_request", "The access token must be sent once, in the Authorization header.", ApiError.RequestInvalid);

    public static readonly BearerError InvalidToken =
        new(401, "invalid_token", "The access token is not valid here.", ApiError.Unauthenticated);

    public static readonly BearerError ExpiredToken = new(401, "invalid_token", "The access token expired.", ApiError.Unauthenticated);

    public static readonly BearerError InsufficientScope =
        new(403, "insufficient_scope", "The access token does not have the scope this request needs.", ApiError.ScopeInsufficient);

    /// <summary>Authenticated, and refused for a reason that no scope would mend.</summary>
    public static readonly BearerError Forbidden = new(403, null, "This is not allowed.", ApiError.Forbidden);

    /// <summary>Says nothing about the token, so it carries no challenge.</summary>
    public static readonly BearerError Unavailable =
        new(503, null, "Access tokens cannot be checked at the moment.", ApiError.ServiceUnavailable);

    /// <summary>The WWW-Authenticate header (RFC 6750 §3).</summary>
    /// <param name="realm">The protection space.</param>
    /// <param name="scopes">What the endpoint needs; none where it needs nothing in particular.</param>
    public string Challenge(string realm, IEnumerable<string> scopes)
    {
        var challenge = new StringBuilder("Bearer realm=\"").Append(realm).Append('"');
        if (Error is not null)
        {
            challenge.Append(", error=\"").Append(Error).Append("\", error_description=\"").Append(Description).Append('"');
        }

        if (scopes.Any())
        {
            challenge.Append(", scope=\"").AppendJoin(' ', scopes).Append('"');
        }

        return challenge.ToString();
    }
}
