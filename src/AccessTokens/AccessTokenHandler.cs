using System.Text.Encodings.Web;
using Jose;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AccessTokens;

/// <summary>Judges the access token of a request (RFC 9068 §4) and answers as RFC 6750 §3 says when it does not suffice.</summary>
internal sealed class AccessTokenHandler(
    IOptionsMonitor<AccessTokenOptions> options, ILoggerFactory logging, UrlEncoder encoder, IIssuerKeys issuerKeys)
    : AuthenticationHandler<AccessTokenOptions>(options, logging, encoder)
{
    // What the challenge will answer; a handler lives for one request.
    private BearerError _answer = BearerError.NoToken;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var credentials = await BearerCredentials.ReadAsync(Request);
        if (credentials.Malformed)
        {
            return Refuse(BearerError.InvalidRequest, "malformed");
        }

        if (credentials.Token is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (await issuerKeys.GetAsync(Context.RequestAborted) is not { } keys)
        {
            return Refuse(BearerError.NoKeys, "no keys yet");
        }

        var reading = Read(token, keys);
        if (reading.Refusal == JwtRefusal.UnknownKey && await issuerKeys.GetNewerAsync(keys, Context.RequestAborted) is { } newer)
        {
            reading = Read(token, newer);
        }

        if (reading.Refusal == JwtRefusal.Expired)
        {
            return Refuse(BearerError.ExpiredToken, "Expired");
        }

        if (!reading.Accepted)
        {
            return Refuse(BearerError.InvalidToken, $"{reading.Refusal}");
        }

        if (AccessTokenPrincipal.From(reading.Claims) is not { } principal)
        {
            return Refuse(BearerError.InvalidToken, "not a bearer token of RFC 9068");
        }

        return AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => AnswerAsync(_answer);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        AnswerAsync(RequiredScopes.All(Context.User.HasScope) ? BearerError.Forbidden : BearerError.InsufficientScope);

    private IEnumerable<string> RequiredScopes =>
        Context.GetEndpoint()?.Metadata.GetOrderedMetadata<ScopeRequirement>().Select(requirement => requirement.Scope) ?? [];

    private JwtReading Read(string token, JwkSet keys) => Jwt.Read(token, Options.Expectations, keys, TimeProvider.GetUtcNow());

    private AuthenticateResult Refuse(BearerError answer, string reason)
    {
        _answer = answer;
        Log.TokenRefused(Logger, reason);
        return AuthenticateResult.Fail(answer.Description);
    }

    private Task AnswerAsync(BearerError answer)
    {
        var unavailable = answer == BearerError.NoKeys;
        if (!unavailable)
        {
            Response.Headers.WWWAuthenticate = answer.Challenge(Options.RealmOrAudience, RequiredScopes);
        }

        return new ApiError(answer.Status, answer.Code, answer.Description)
        {
            RetryAfter = unavailable ? DiscoveredKeys.FirstKeysPause : null,
        }.ExecuteAsync(Context);
    }
}
