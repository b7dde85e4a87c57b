// RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 8707 §2, OpenID Connect Core §3.1.2.6: every refusal this provider can answer.
namespace Oidc;

/// <summary>
/// A refusal: returned, never thrown. <paramref name="Description"/> is for the client and always the same for the same code where a
/// difference would help a guesser; <see cref="Detail"/> says in the log which rule refused and never leaves the provider.
/// </summary>
/// <param name="Code">The registered error code.</param>
/// <param name="Description">RFC 6749 §5.2: printable ASCII without quote and backslash.</param>
/// <param name="Status">The HTTP status when it is answered directly.</param>
/// <param name="MayRedirect">May it be sent to the client's redirect URI? False whenever client or redirect URI is in doubt.</param>
public sealed record OAuthError(string Code, string Description, int Status = 400, bool MayRedirect = false)
{
    /// <summary>Which rule refused, for the log. Holds no value a client sent, except identifiers that are public.</summary>
    public string Detail { get; init; } = Description;

    /// <summary>Seconds until a retry makes sense, for 429 and 503.</summary>
    public int? RetryAfter { get; init; }

    // RFC 6749 §5.2
    public static OAuthError InvalidRequest(string description) => new("invalid_request", description, MayRedirect: true);
    public static OAuthError InvalidClient(string detail) => new("invalid_client", "Client authentication failed.", 401) { Detail = detail };
    public static OAuthError InvalidGrant(string detail) => new("invalid_grant", "The grant is invalid, expired, revoked or was issued to another client.") { Detail = detail };
    public static OAuthError UnsupportedGrantType(string detail) => new("unsupported_grant_type", "This grant type is not supported.") { Detail = detail };
    public static OAuthError UnauthorizedClient(string detail) => new("unauthorized_client", "This client may not use this grant or response type.", MayRedirect: true) { Detail = detail };
    public static OAuthError InvalidScope(string description) => new("invalid_scope", description, MayRedirect: true);

    // RFC 6749 §4.1.2.1
    public static OAuthError AccessDenied(string detail) => new("access_denied", "The request was denied.", MayRedirect: true) { Detail = detail };
    public static OAuthError UnsupportedResponseType(string detail) => new("unsupported_response_type", "Only the response type code is supported.", MayRedirect: true) { Detail = detail };

    /// <summary>The client is unknown or disabled, or the redirect URI is not one it registered: shown to the person, never redirected.</summary>
    public static OAuthError BadClientOrRedirect(string description) => new("invalid_request", description);

    // OpenID Connect Core §3.1.2.6
    public static OAuthError LoginRequired() => new("login_required", "The person is not signed in.", MayRedirect: true);
    public static OAuthError ConsentRequired() => new("consent_required", "The person has not allowed this yet.", MayRedirect: true);
    public static OAuthError RegistrationNotSupported() => new("registration_not_supported", "The parameter registration is not supported.", MayRedirect: true);
    public static OAuthError RequestNotSupported() => new("request_not_supported", "Request objects are not supported.", MayRedirect: true);
    public static OAuthError RequestUriNotSupported() => new("request_uri_not_supported", "Request objects are not supported.", MayRedirect: true);

    // OpenID Connect Unmet Authentication Requirements §3
    public static OAuthError UnmetAuthenticationRequirements(string detail) =>
        new("unmet_authentication_requirements", "The person cannot sign in the way that was asked for.", MayRedirect: true) { Detail = detail };

    // RFC 8707 §2
    public static OAuthError InvalidTarget(string description) => new("invalid_target", description, MayRedirect: true);

    // RFC 6750 §3.1
    public static OAuthError InvalidToken(string detail) => new("invalid_token", "The access token is invalid, expired or revoked.", 401) { Detail = detail };
    public static OAuthError InsufficientScope(string description) => new("insufficient_scope", description, 403);

    // RFC 8628 §3.5, borrowed for every limit at the endpoints that clients call.
    public static OAuthError SlowDown(string detail, TimeSpan pause) =>
        new("slow_down", "Too many attempts. Try again later.", 429) { Detail = detail, RetryAfter = (int)Math.Ceiling(pause.TotalSeconds) };

    // RFC 9110
    public static OAuthError MethodNotAllowed() => new("invalid_request", "This HTTP method is not supported here.", 405);
    public static OAuthError UnreadableBody(int status) => new("invalid_request", "The request body could not be read.", status);
    public static OAuthError RequestTooLarge() => new("invalid_request", "The request body is larger than 64 KiB.", 413);
    public static OAuthError TemporarilyUnavailable(string detail) => new("temporarily_unavailable", "A service this provider depends on cannot be reached. Try again shortly.", 503) { Detail = detail, RetryAfter = 5 };
    public static OAuthError ServerError(string requestId) => new("server_error", $"Something failed here. Please report request {requestId}.", 500);
}
