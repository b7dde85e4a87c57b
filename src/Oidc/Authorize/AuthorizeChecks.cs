// RFC 6749 §4.1.1, RFC 7636 §4.3–4.4, RFC 8707 §2.1, OpenID Connect Core §3.1.2.2: is this a request we may act on.
using System.Globalization;

namespace Oidc;

/// <summary>A valid request, or the refusal with the place it may be sent to (null: nowhere).</summary>
public sealed record AuthorizeCheck(AuthorizeRequest? Request, OAuthError? Error, Client? Client, ResponseTarget? Target);

/// <summary>
/// Judges an authorization request. First the client and its redirect URI, since until both stand an error cannot be redirected; then the rest in the
/// order of the specification.
/// </summary>
public static class AuthorizeChecks
{
    public static AuthorizeCheck Check(ParametersOutcome read, Configuration configuration)
    {
        var parameters = read.Parameters;
        if (read.Error is { MayRedirect: false } unreadable)
        {
            return new AuthorizeCheck(null, unreadable, null, null);
        }

        // RFC 6749 §3.1.2.4: an unknown client or redirect URI is told to the person, never redirected.
        if (parameters["client_id"] is not { } clientId)
        {
            return Show("The parameter client_id is missing.", null);
        }

        if (configuration.FindClient(clientId) is not { Enabled: true } client)
        {
            return Show("This application is not known here.", null);
        }

        // OpenID Connect Core §3.1.2.1: required, and compared character by character (RFC 9700 §2.1).
        if (parameters["redirect_uri"] is not { } redirectUri)
        {
            return Show("The parameter redirect_uri is missing.", client);
        }

        if (!client.RedirectUris.Contains(redirectUri))
        {
            return Show("The redirect_uri is not registered for this application.", client);
        }

        var mode = parameters["response_mode"] ?? ResponseMode.Query;
        var knownMode = mode is ResponseMode.Query or ResponseMode.FormPost;
        var target = new ResponseTarget(redirectUri, knownMode ? mode : ResponseMode.Query, parameters["state"]);
        if (read.Error is { } readError)
        {
            return new AuthorizeCheck(null, readError, client, target with { State = parameters.IsSound("state") ? target.State : null });
        }

        return knownMode
            ? CheckRest(parameters, client, target, configuration)
            : new AuthorizeCheck(null, OAuthError.InvalidRequest("This response_mode is not supported."), client, target);
    }

    private static AuthorizeCheck CheckRest(Parameters parameters, Client client, ResponseTarget target, Configuration configuration)
    {
        var error = CheckResponseType(parameters, client) ?? CheckRequestObject(parameters) ?? CheckPkce(parameters, client);
        if (error is not null)
        {
            return new AuthorizeCheck(null, error, client, target);
        }

        var (scopes, scopeError) = ScopeAndResource.Read(parameters, client);
        if (scopeError is not null || scopes is null)
        {
            // RFC 6749 §3.3: without a default scope a missing one is an error.
            return new AuthorizeCheck(null, scopeError ?? OAuthError.InvalidScope("The parameter scope is missing."), client, target);
        }

        var (resources, resourceError) = ScopeAndResource.ReadResources(parameters, configuration);
        resourceError ??= ScopeAndResource.CheckTargets(resources, scopes);
        if (resourceError is not null)
        {
            return new AuthorizeCheck(null, resourceError, client, target);
        }

        var (prompts, promptError) = ReadPrompts(parameters);
        var (maxAge, maxAgeError) = ReadMaxAge(parameters);
        var (claims, claimsError) = ReadClaims(parameters, client, scopes);
        return (promptError ?? maxAgeError ?? claimsError) is { } lastError
            ? new AuthorizeCheck(null, lastError, client, target)
            : new AuthorizeCheck(new AuthorizeRequest(client, target, scopes, resources, parameters) { Prompts = prompts, MaxAge = maxAge, Claims = claims }, null, client, target);
    }

    private static OAuthError? CheckResponseType(Parameters parameters, Client client) => parameters["response_type"] switch
    {
        null => OAuthError.InvalidRequest("The parameter response_type is missing."),
        "code" => client.GrantTypes.Contains("authorization_code") ? null : OAuthError.UnauthorizedClient($"client {client.Id} is not registered for authorization_code"),
        _ => OAuthError.UnsupportedResponseType("response_type is not code"),
    };

    // OpenID Connect Core §6 and §7.2.1: not supported, and said so rather than ignored, because what is inside might contradict what is outside.
    private static OAuthError? CheckRequestObject(Parameters parameters) =>
        parameters.Has("request") ? OAuthError.RequestNotSupported()
        : parameters.Has("request_uri") ? OAuthError.RequestUriNotSupported()
        : parameters.Has("registration") ? OAuthError.RegistrationNotSupported()
        : null;

    private static OAuthError? CheckPkce(Parameters parameters, Client client)
    {
        var challenge = parameters["code_challenge"];
        var method = parameters["code_challenge_method"];
        if (challenge is null)
        {
            // RFC 9700 §2.1.1: public clients must; others may have registered that they do.
            return client.RequirePkce || client.IsPublic
                ? OAuthError.InvalidRequest("The parameter code_challenge is missing.")
                : method is null ? null : OAuthError.InvalidRequest("A code_challenge_method was sent without a code_challenge.");
        }

        // RFC 7636 §4.3: an absent method means plain, which this provider does not accept (RFC 9700 §2.1.1).
        return method == Pkce.S256 && Pkce.IsChallenge(challenge) ? null : OAuthError.InvalidRequest("The code_challenge must be of method S256.");
    }

    // Core §3.1.2.1: none stands alone.
    private static (IReadOnlyList<string> Prompts, OAuthError? Error) ReadPrompts(Parameters parameters)
    {
        var prompts = parameters["prompt"]?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var error = prompts.Contains(Prompt.None) && prompts.Length > 1
            ? OAuthError.InvalidRequest("The prompt none cannot be combined with others.")
            : prompts.All(Prompt.All.Contains) ? null : OAuthError.InvalidRequest("This prompt is not supported.");
        return (prompts, error);
    }

    private static (TimeSpan? MaxAge, OAuthError? Error) ReadMaxAge(Parameters parameters) =>
        parameters["max_age"] is not { } text ? (null, null)
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? (TimeSpan.FromSeconds(seconds), null)
        : (null, OAuthError.InvalidRequest("The max_age must be a number of seconds."));

    // Core §5.5: part of OpenID Connect, so without the scope openid a parameter like any unknown one.
    private static (ClaimsRequest Claims, OAuthError? Error) ReadClaims(Parameters parameters, Client client, IReadOnlyList<string> scopes) =>
        parameters["claims"] is not { } text || !scopes.Contains(ScopeAndResource.OpenId) ? (ClaimsRequest.None, null)
        : ClaimsRequest.Read(text, client) is { } claims ? (claims, null)
        : (ClaimsRequest.None, OAuthError.InvalidRequest("The parameter claims is malformed."));

    private static AuthorizeCheck Show(string description, Client? client) => new(null, OAuthError.BadClientOrRedirect(description), client, null);
}
